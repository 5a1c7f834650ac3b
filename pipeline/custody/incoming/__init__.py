"""Taking what scanners and other systems drop, wherever they drop it: into a bucket or a shared folder (`ports.Incoming`).

notifications, keys -> what lies there, and whose it is
sidecars, batches   -> how many there are to be, and when that is all
objects             -> one of them into custody, by the same door as a file
collecting          -> one after the other, from any key on
"""
