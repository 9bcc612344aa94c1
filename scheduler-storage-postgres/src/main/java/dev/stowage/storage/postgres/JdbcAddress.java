package dev.stowage.storage.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Checks and redacts JDBC addresses before the driver sees them. */
public final class JdbcAddress {
  private static final String SCHEME = "jdbc:postgresql:";
  private static final String HIDDEN = "***";

  /** An address in a text: up to a space or to a quote that ends a word. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:jdbc:|postgres(?:ql)?://)\\S*?(?=['\"](?:[\\s,;.)]|$)|\\s|$)");

  /** An integer default, which marks a parameter that must be an integer. */
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");

  /** Parameters that accept more than the driver declares. */
  private static final List<PGProperty> OF_OTHER_FORMS =
      List.of(PGProperty.PG_PORT, PGProperty.PROTOCOL_VERSION, PGProperty.REQUIRE_AUTH);

  private JdbcAddress() {}

  /** Returns a text whose addresses have neither users nor parameters, which may be passwords. */
  public static String redacted(String text) {
    return ADDRESS
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(shown(found.group())));
  }

  static String shown(String url) {
    String address = addressOf(url);
    if (isUserAmongParameters(url)) {
      return url.substring(0, url.indexOf(':', url.indexOf(':') + 1) + 1) + HIDDEN;
    }
    int at = address.lastIndexOf('@');
    if (at < 0) {
      return address;
    }
    int slashes = address.indexOf("//");
    int user = slashes < 0 || slashes > at ? address.lastIndexOf(':', at) + 1 : slashes + 2;
    return address.substring(0, user) + HIDDEN + address.substring(at);
  }

  /** Throws {@code IllegalArgumentException} for an address that the driver would misread. */
  static void require(String url) {
    if (!url.startsWith(SCHEME)) {
      throw refused(url, "");
    }
    // The driver would log a password that it takes for a port.
    if (addressOf(url).contains("@") || isUserAmongParameters(url)) {
      throw refused(
          url,
          "; it names a user before the '@', which the driver does not take: give user and password"
              + " beside the address or as its parameters, and write %40 for an '@' in a name");
    }
    Properties parsed = Driver.parseURL(url, null);
    if (parsed == null) {
      throw refused(url, "");
    }
    List<String> violated = new ArrayList<>();
    for (PGProperty each : PGProperty.values()) {
      String value = parsed.getProperty(each.getName());
      String accepted = value == null ? null : acceptedInsteadOf(value, each);
      if (accepted != null) {
        violated.add(each.getName() + " is '" + value + "'; " + accepted + " is accepted");
      }
    }
    if (!violated.isEmpty()) {
      throw refused(url, "; " + String.join("; ", violated));
    }
  }

  /** Returns the accepted values in words, or null if {@code value} is accepted. */
  private static @Nullable String acceptedInsteadOf(String value, PGProperty parameter) {
    if (OF_OTHER_FORMS.contains(parameter)) {
      return null;
    }
    String[] choices = parameter.getChoices();
    if (choices != null) {
      boolean isOne = Stream.of(choices).anyMatch(value::equalsIgnoreCase);
      return isOne ? null : String.join(", ", choices);
    }
    String usual = parameter.getDefaultValue();
    boolean isNumber = usual != null && WHOLE.matcher(usual).matches();
    return isNumber && !isWhole(value) ? "a whole number of at most " + Integer.MAX_VALUE : null;
  }

  private static boolean isWhole(String value) {
    try {
      Integer.parseInt(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static IllegalArgumentException refused(String url, String why) {
    return new IllegalArgumentException(
        "database is '" + shown(url) + "'; jdbc:postgresql://host:port/database is accepted" + why);
  }

  private static String addressOf(String url) {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  /** Detects a question mark in a password, before the text that looks like a parameter. */
  private static boolean isUserAmongParameters(String url) {
    String parameters = url.substring(addressOf(url).length());
    return Stream.of(parameters.split("&")).anyMatch(each -> each.split("=", 2)[0].contains("@"));
  }
}
