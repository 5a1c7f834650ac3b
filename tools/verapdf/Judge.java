import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Reads file names from standard input, one a line; answers each with "PASS" or "FAIL" and the rules that were broken. */
public final class Judge {
    private static final int ASSERTIONS_KEPT = 100;

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString("2b");
        BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String name = names.readLine(); name != null; name = names.readLine()) {
            System.out.println(verdict(name, flavour));
            System.out.flush();
        }
    }

    private static String verdict(String name, PDFAFlavour flavour) {
        try (InputStream file = new FileInputStream(name);
                PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, ASSERTIONS_KEPT, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.isCompliant()) {
                return "PASS";
            }
            Set<String> broken = new TreeSet<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                broken.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber());
            }
            return "FAIL " + String.join(" ", broken);
        } catch (Exception error) {
            return "FAIL " + error.getClass().getSimpleName();
        }
    }
}
