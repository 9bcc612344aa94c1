package dev.stowage.sim.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One broken rule.
 *
 * @param name what tables call it
 * @param section of the lifecycle design
 * @param type the class that is patched
 * @param method the method, or several of one name
 * @param was what stands in it, exactly once, line breaks and spaces aside
 * @param now what the mutant has instead
 * @param breaks the rule, in words
 * @param witness what fails: a scenario file, or {@code test} and a class
 */
public record Mutant(
    String name,
    String section,
    String type,
    String method,
    String was,
    String now,
    String breaks,
    String witness) {

  /** The mutants of the core, in the order of their list. */
  static List<Mutant> all() {
    return all("/mutants.list");
  }

  /** Those of a list among the resources, in its order. */
  public static List<Mutant> all(String resource) {
    List<Mutant> all = new ArrayList<>();
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : (list(resource) + "\nmutant end").lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int space = line.indexOf(' ');
      if (line.startsWith("mutant ") && !fields.isEmpty()) {
        all.add(of(fields));
        fields.clear();
      }
      fields.put(line.substring(0, space), line.substring(space + 1).strip());
    }
    return all;
  }

  /** Returns the question to the witness in a trial; the answer lists failures. */
  List<String> question() {
    return witness.startsWith("test ")
        ? List.of("tests", witness.substring("test ".length()))
        : List.of("scenarios", witness);
  }

  private static Mutant of(Map<String, String> fields) {
    String[] at = field(fields, "at").split(" ");
    return new Mutant(
        field(fields, "mutant"),
        field(fields, "section"),
        at[0],
        at[1],
        field(fields, "was"),
        field(fields, "now"),
        field(fields, "breaks"),
        fields.getOrDefault("witness", ""));
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), () -> name + " is missing in " + fields);
  }

  private static String list(String resource) {
    try (InputStream list = Mutant.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(list, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
