import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One Elasticsearch node for tests, out of the jars alone: EsServer HOME PORT. Loopback only, nobody has to sign in. */
public final class EsServer {
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        for (String folder : List.of("config", "data", "logs", "modules", "plugins", "lib")) {
            Files.createDirectories(home.resolve(folder));
        }
        Settings settings = settings(home, arguments[1]);
        LogConfigurator.configureESLogging();
        LogConfigurator.setNodeName("sohoa-test");
        Environment environment = new Environment(settings, home.resolve("config"));
        // The last argument: modules export nothing, because the server itself is on the class path and is no module.
        PluginsLoader loader = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false),
            Map.of(), false);
        Node node = new Node(environment, loader);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, ended)));
        node.start();
        ended.await();
    }

    private static Settings settings(Path home, String port) {
        return Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("path.logs", home.resolve("logs").toString())
            .put("cluster.name", "sohoa-test")
            .put("node.name", "sohoa-test")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", port)
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    }

    private static void close(Node node, CountDownLatch ended) {
        try {
            node.close();
            node.awaitClose(10, TimeUnit.SECONDS);
        } catch (Exception error) {
            error.printStackTrace();
        } finally {
            ended.countDown();
        }
    }
}
