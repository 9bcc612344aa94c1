import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Reads what the kit said of a store with one bug, and prints it as a row of a table. */
final class Planted {
  private enum Part {
    CONTRACTS,
    SCENARIOS,
    WALKS,
    CHAINS
  }

  private static final class Tally {
    private int run;
    private int failed;
    private String first = "";
    private String message = "";
  }

  private static final Pattern FOUND = Pattern.compile("after \\d+ actions, shrunk to \\d+ lines");

  private final Map<Part, Tally> tallies = new EnumMap<>(Part.class);

  /** Takes the name of the bug and the folder of Surefire's reports. */
  public static void main(String[] arguments) throws Exception {
    Planted planted = new Planted();
    for (Part part : Part.values()) {
      planted.tallies.put(part, new Tally());
    }
    try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".xml")).sorted().toList()) {
        planted.read(file);
      }
    }
    int run = planted.tallies.values().stream().mapToInt(tally -> tally.run).sum();
    int failed = planted.tallies.values().stream().mapToInt(tally -> tally.failed).sum();
    System.out.println(planted.row(arguments[0]));
    boolean isSound = arguments[0].equals("NONE");
    System.exit(run > 300 && isSound == (failed == 0) ? 0 : 1);
  }

  private void read(Path file) throws Exception {
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      Tally tally = tallies.get(part(test));
      tally.run++;
      for (String kind : List.of("failure", "error")) {
        Element failure = (Element) test.getElementsByTagName(kind).item(0);
        if (failure != null) {
          tally.failed++;
          if (tally.first.isEmpty()) {
            String owner = test.getAttribute("classname");
            tally.first =
                owner.substring(owner.lastIndexOf('$') + 1) + "." + test.getAttribute("name");
            tally.message =
                failure.getAttribute("message").isEmpty()
                    ? failure.getAttribute("type")
                    : failure.getAttribute("message");
          }
        }
      }
    }
  }

  private static Part part(Element test) {
    String name = test.getAttribute("name");
    if (name.startsWith("scenario_")) {
      return Part.SCENARIOS;
    }
    if (name.startsWith("walk_")) {
      return Part.WALKS;
    }
    return name.startsWith("chain_") ? Part.CHAINS : Part.CONTRACTS;
  }

  private String row(String bug) {
    StringBuilder row = new StringBuilder("| ").append(bug);
    for (Part part : Part.values()) {
      Tally tally = tallies.get(part);
      row.append(" | ").append(tally.failed).append(" of ").append(tally.run);
      Matcher found = FOUND.matcher(tally.message);
      if (part == Part.CHAINS && found.find()) {
        row.append(", ").append(found.group());
      }
    }
    String first = "-";
    String message = "-";
    for (Part part : Part.values()) {
      if (first.equals("-") && tallies.get(part).failed > 0) {
        first = tallies.get(part).first;
        message = tallies.get(part).message;
      }
    }
    String flat = message.replaceAll("\\s+", " ").replace("|", "/").strip();
    String cut = flat.length() > 160 ? flat.substring(0, 160) + "..." : flat;
    return row.append(" | ").append(first).append(" | ").append(cut).append(" |").toString();
  }
}
