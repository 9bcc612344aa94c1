package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of the style test, shown to find what it forbids and to let its neighbour pass. */
class StyleRulesTest {
  @Test
  void method_of_sixty_lines_passes_and_one_more_is_found() {
    assertThat(rules(type("void run() {" + "\n".repeat(59) + "}"))).isEmpty();
    assertThat(rules(type("void run() {" + "\n".repeat(60) + "}")))
        .containsExactly("method-length");
  }

  @Test
  void initializer_of_more_than_sixty_lines_is_found() {
    assertThat(rules(type("static {" + "\n".repeat(60) + "}"))).containsExactly("method-length");
  }

  @Test
  void long_method_of_an_anonymous_class_is_found_with_the_method_around_it() {
    String inner =
        "Object make() { return new Object() { void run() {" + "\n".repeat(60) + "} }; }";

    assertThat(rules(type(inner))).containsExactly("method-length", "method-length");
  }

  @Test
  void file_of_five_hundred_code_lines_passes_and_one_more_is_found() {
    // The package, the class and its closing brace are three lines more.
    String comments = "\n// a comment\n/* and\n another */\n".repeat(200);

    assertThat(rules(type("\nint a;".repeat(497) + comments))).isEmpty();
    assertThat(rules(type("\nint a;".repeat(498) + comments))).containsExactly("file-length");
  }

  @Test
  void comment_marks_in_literals_are_code() {
    String literals =
        "String a = \"/*\";\nchar b = '\"';\nString c = \"\"\"\n // text\n \"\"\";\n// gone";

    assertThat(source(type(literals)).codeLines()).isEqualTo(7);
  }

  @Test
  void five_parameters_pass_and_six_are_found() {
    assertThat(rules(type("void run(int a, int b, int c, int d, int e) {}"))).isEmpty();
    assertThat(rules(type("void run(int a, int b, int c, int d, int e, int f) {}")))
        .containsExactly("parameters");
    assertThat(rules(type("Planted(int a, int b, int c, int d, int e, int f) {}")))
        .containsExactly("parameters");
  }

  @Test
  void components_of_a_record_may_be_many_and_may_be_flags() {
    String record =
        """
        /**
         * A value.
         *
         * @param a one
         * @param b two
         * @param c three
         * @param d four
         * @param e five
         * @param f six
         */
        public record Planted(int a, int b, int c, int d, int e, boolean f) {
          /** Checks. */
          public Planted {}
        }
        """;

    assertThat(rules(record)).isEmpty();
    assertThat(rules(record.replace("public Planted {}", "public Planted(int a, boolean f) {}")))
        .containsExactly("boolean-parameter");
  }

  @Test
  void flag_of_a_public_method_is_found() {
    assertThat(rules(type("/** Doc. */ public void run(boolean fast) {}")))
        .containsExactly("boolean-parameter");
    assertThat(
            rules("/** Doc. */ public interface Planted { /** Doc. */ void run(Boolean fast); }"))
        .containsExactly("boolean-parameter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "void run(boolean fast) {}",
        "private void run(boolean fast) {}",
        "@Override public void run(boolean fast) {}",
        "/** Doc. */ public boolean run(int fast) { return true; }",
        "/** Doc. */ public void run(boolean[] flags) {}"
      })
  void flag_that_is_not_of_a_public_method_passes(String member) {
    assertThat(rules(type(member))).isEmpty();
  }

  @Test
  void flag_of_a_public_method_of_a_hidden_type_passes() {
    assertThat(rules(type("static class Hidden { public void run(boolean fast) {} }"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "public void run() {}",
        "protected void run() {}",
        "public static final int LIMIT = 1;",
        "public static class Nested {}",
        "public Planted(int a) {}",
        "/* no javadoc */ public void run() {}",
        "/** */ public void run() {}"
      })
  void public_member_without_javadoc_is_found(String member) {
    assertThat(rules(type(member))).containsExactly("javadoc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/** Doc. */ public void run() {}",
        "@Override public String toString() { return \"\"; }",
        "void run() {}",
        "static final int LIMIT = 1;",
        "private static class Nested { public void run() {} }",
        "Object make() { return new Object() { public void run() {} }; }"
      })
  void member_that_needs_no_javadoc_passes(String member) {
    assertThat(rules(type(member))).isEmpty();
  }

  @Test
  void undocumented_enum_constant_interface_method_and_component_are_found() {
    assertThat(rules("/** Doc. */ public enum Planted { ONE }")).containsExactly("javadoc");
    assertThat(rules("/** Doc. */ public interface Planted { void run(); }"))
        .containsExactly("javadoc");
    assertThat(rules("/** Doc. */ public record Planted(int a) {}")).containsExactly("javadoc");
    assertThat(rules("public class Planted {}")).containsExactly("javadoc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ChunkManager",
        "StringUtil",
        "Utils",
        "QueryHelper",
        "EventHandler",
        "StoreImpl",
        "GatewayId"
      })
  void type_name_that_says_nothing_is_found(String name) {
    assertThat(rules("class " + name + " {}")).containsExactly("type-name");
    assertThat(rules(type("private interface " + name + " {}"))).containsExactly("type-name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Implication", "Handle", "Utilization", "ManagerlessRun", "Helping"})
  void type_name_that_only_resembles_a_bad_one_passes(String name) {
    assertThat(rules("class " + name + " {}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "public int getSize() { return 0; }, accessor-name",
    "public void setSize(int size) {}, accessor-name",
    "public int get(int index) { return index; }, ",
    "public int getOrDefault(int index) { return index; }, ",
    "public void settle(int size) {}, ",
    "public int getaway() { return 0; }, "
  })
  void accessor_carries_the_noun_alone(String member, String rule) {
    List<String> expected = rule == null ? List.of() : List.of(rule);

    assertThat(rules(type("/** Doc. */ " + member))).isEqualTo(expected);
  }

  @Test
  void static_field_that_can_change_is_found() {
    assertThat(rules(type("private static int count;"))).containsExactly("static-state");
    assertThat(rules(type("private static final int COUNT = 1; private int count;"))).isEmpty();
    assertThat(rules("interface Planted { int COUNT = 1; }")).isEmpty();
  }

  @Test
  void mark_of_unfinished_work_is_found() {
    assertThat(rules(type("// TO" + "DO: later"))).containsExactly("unfinished");
    assertThat(rules(type("int todos;"))).isEmpty();
  }

  @Test
  void package_without_null_marked_is_found() {
    SourceFile code = at("main/a/Code.java", "package a; /** Doc. */ public class Code {}");
    SourceFile bare = at("main/a/package-info.java", "package a;");
    SourceFile info = at("main/a/package-info.java", "@NullMarked package a;");

    assertThat(names(StyleReport.of(List.of(code)))).containsExactly("null-marked");
    assertThat(names(StyleReport.of(List.of(code, bare)))).containsExactly("null-marked");
    assertThat(names(StyleReport.of(List.of(code, info)))).isEmpty();
  }

  @Test
  void hidden_type_that_nobody_uses_is_found() {
    SourceFile info = at("main/a/package-info.java", "@NullMarked package a;");
    SourceFile hidden = at("main/a/Hidden.java", "package a; class Hidden { Hidden self; }");
    SourceFile user =
        at("main/a/User.java", "package a; /** Doc. */ public class User { Hidden h; }");
    SourceFile stranger =
        at("main/a/User.java", "package a; /** {@link Hidden} */ public class User {}");

    assertThat(names(StyleReport.of(List.of(info, hidden, stranger)))).containsExactly("dead-file");
    assertThat(names(StyleReport.of(List.of(info, hidden, user)))).isEmpty();
  }

  @Test
  void packageThatItsModuleDoesNotExport_owesJavadocOnItsTypesAlone() {
    SourceFile module = at("m/module-info.java", "module m { exports shown; }");
    String type = "/** What it is. */ public class A { public void run(boolean fast) {} }";
    SourceFile shown = at("m/shown/A.java", "package shown; " + type);
    SourceFile walled = at("m/walled/A.java", "package walled; " + type);
    SourceFile bare = at("m/walled/B.java", "package walled; public class B {}");
    SourceFile outside = at("n/walled/A.java", "package walled; " + type);

    assertThat(names(StyleReport.of(List.of(module, shown))))
        .contains("javadoc", "boolean-parameter");
    assertThat(names(StyleReport.of(List.of(module, walled))))
        .doesNotContain("javadoc", "boolean-parameter");
    assertThat(names(StyleReport.of(List.of(module, bare)))).contains("javadoc");
    assertThat(names(StyleReport.of(List.of(module, outside)))).contains("javadoc");
  }

  @Test
  void waiver_with_a_reason_excuses_its_declaration_and_is_counted() {
    StyleReport report =
        report(
            type(
                "@StyleWaiver(rule = \"parameters\", reason = \"one row\")"
                    + " void a(int a, int b, int c, int d, int e, int f) {}"
                    + " void b(int a, int b, int c, int d, int e, int f) {}"));

    assertThat(names(report)).containsExactly("parameters");
    assertThat(report.findings().get(0).what()).contains(" of b");
    assertThat(report.waivers()).extracting(Waiver::reason).containsExactly("one row");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@StyleWaiver(rule = \"parameters\", reason = \"nothing to excuse\") void a() {}",
        "@StyleWaiver(rule = \"javadoc\", reason = \"cannot be waived\") void a() {}",
        "@StyleWaiver(rule = \"no-such-rule\", reason = \"unknown\") void a() {}"
      })
  void waiver_that_excuses_nothing_is_found(String member) {
    assertThat(rules(type(member))).containsExactly("waiver");
  }

  @Test
  void waiver_without_a_reason_excuses_nothing() {
    assertThat(
            rules(
                type(
                    "@StyleWaiver(rule = \"parameters\", reason = \" \")"
                        + " void a(int a, int b, int c, int d, int e, int f) {}")))
        .containsExactlyInAnyOrder("parameters", "waiver");
  }

  /** A documented public class with these members. */
  private static String type(String members) {
    return "/** Doc. */ public class Planted {" + members + "\n}";
  }

  /** The rules that {@code text} breaks as the only source of a package that is in order. */
  private static List<String> rules(String text) {
    return names(report(text));
  }

  private static StyleReport report(String text) {
    return StyleReport.of(
        List.of(
            source(text),
            at(
                "main/planted/Planted2.java",
                "package planted; /** D. */ public class P2 {" + uses(text) + "}"),
            at("main/planted/package-info.java", "@NullMarked package planted;")));
  }

  /** Names every top-level type of {@code text}, so that none counts as dead. */
  private static String uses(String text) {
    List<String> fields = new ArrayList<>();
    Arrays.stream(text.split("\\W+"))
        .filter(word -> word.matches("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*"))
        .forEach(word -> fields.add(word + " f" + fields.size() + ";"));
    return String.join(" ", fields);
  }

  private static SourceFile source(String text) {
    return at("main/planted/Planted.java", "package planted;\n" + text);
  }

  private static SourceFile at(String path, String text) {
    return SourceFile.of(Path.of(path), text);
  }

  private static List<String> names(StyleReport report) {
    return report.findings().stream().map(Finding::rule).toList();
  }
}
