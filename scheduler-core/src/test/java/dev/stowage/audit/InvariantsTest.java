package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.ChunkKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tells each case of {@code invariants.txt}. */
class InvariantsTest {
  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    String section = "";
    List<String> told = new ArrayList<>();
    for (String line : lines()) {
      if (line.startsWith("# ---- ")) {
        section = line.substring(7);
      } else if (line.startsWith("  ")) {
        told.add(line.strip());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        List<String> steps = new ArrayList<>();
        told = steps;
        Case each = new Case(section);
        cases.add(DynamicTest.dynamicTest(line, () -> steps.forEach(each::tell)));
      }
    }
    return cases.stream();
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = InvariantsTest.class.getResourceAsStream("invariants.txt")) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static final class Case {
    private final boolean areBoundsJudged;
    private final FleetDraft before = new FleetDraft();
    private final FleetDraft after = before.another();
    private @Nullable FleetDraft planned;
    private AuditStep.Answer answer = AuditStep.Answer.at(100);

    Case(String section) {
      areBoundsJudged = section.equals("bounds");
      if (section.equals("steps")) {
        after.add("ids 11 11");
      }
    }

    void tell(String line) {
      String word = line.split(" ")[0];
      String rest = line.substring(word.length() + 1);
      switch (word) {
        case "before" -> before.add(rest);
        case "after" -> after.add(rest);
        case "both" -> {
          before.add(rest);
          after.add(rest);
        }
        case "planned" -> planned = before.another().add(rest);
        case "answer" -> answer = answer(rest.split("=")[0], rest.split("=")[1]);
        default -> expect(line, word, rest);
      }
    }

    private static AuditStep.Answer answer(String what, String value) {
      return switch (what) {
        case "at" -> AuditStep.Answer.at(Long.parseLong(value));
        case "lastResort" -> new AuditStep.Answer(100, Integer.parseInt(value), List.of(), 0);
        case "deferred" -> new AuditStep.Answer(100, 0, List.of(ChunkKey.of("d", value)), 0);
        default -> throw new IllegalArgumentException(what);
      };
    }

    private void expect(String line, String kind, String expected) {
      List<String> found =
          (kind.equals("state") ? Audit.check(before.facts()) : Audit.checkStep(step(kind)))
              .stream()
                  .map(Violation::invariant)
                  .filter(each -> areBoundsJudged || each != Invariant.BOUNDS_ARE_KEPT)
                  .map(Invariant::name)
                  .distinct()
                  .toList();
      String name = expected.substring(1);
      switch (expected.charAt(0)) {
        case '~' -> assertThat(found).as(line).contains(name);
        case '!' -> assertThat(found).as(line).doesNotContain(name);
        default ->
            assertThat(found)
                .as(line)
                .isEqualTo(
                    expected.equals("none") ? List.of() : Arrays.asList(expected.split(" ")));
      }
    }

    private AuditStep step(String kind) {
      AuditStep.Kind of = AuditStep.Kind.valueOf(kind.toUpperCase(Locale.ROOT));
      AuditStep step = new AuditStep(before.facts(), of, answer, after.facts());
      return planned == null ? step : step.plannedFrom(planned.facts());
    }
  }
}
