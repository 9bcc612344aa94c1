package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages keep what they promise; and each rule is shown to find what breaks it. */
class PagesTest {
  private static final Pattern TEXT =
      Pattern.compile(".*\\.(java|md|txt|sql|sh|py|list|ya?ml)|\\.ci/[^/]*");

  /** Written in pieces, so that what is planted here is no citation of this file. */
  private static final String PAGE = "lifecycle " + "design";

  private static final String LIFECYCLE =
      "# Design\n\n## 1. Words\n\n## 2. Replicas\n\n1. first\n2. second\n3. third\n\n## 3. Rest\n";

  private static final PageRules REPOSITORY = read(Repository.here());

  private static PageRules read(Repository tree) {
    TreeMap<String, String> texts = new TreeMap<>();
    List<String> files = new ArrayList<>();
    for (Path file : tree.files()) {
      String name = tree.relative(file).toString().replace('\\', '/');
      files.add(name);
      if (TEXT.matcher(name).matches()) {
        try {
          texts.put(name, Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new PageRules(texts, files);
  }

  @Test
  void links_of_readme_and_pages_lead_somewhere() {
    assertThat(REPOSITORY.brokenLinks()).isEmpty();
  }

  @Test
  void citations_lead_to_a_section_of_a_page() {
    assertThat(REPOSITORY.brokenCitations()).isEmpty();
  }

  @Test
  void sections_of_design_pages_are_numbered_one_after_the_other() {
    assertThat(REPOSITORY.oddHeadings()).isEmpty();
  }

  @Test
  void names_on_pages_that_describe_the_code_are_those_of_types() {
    assertThat(REPOSITORY.unknownTypes()).isEmpty();
  }

  @Test
  void packages_of_core_stand_on_a_page() {
    assertThat(REPOSITORY.unnamedPackages()).isEmpty();
  }

  @Test
  void ids_of_tests_stand_on_a_page_and_those_of_pages_in_a_test() {
    assertThat(REPOSITORY.unknownIds()).isEmpty();
  }

  // ---- planted faults ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a](gone.md)",
        "[a](../gone/)",
        "[a](other.md#3-gone)",
        "[a](#gone)",
        "![a](gone.png)",
        "[`a`](gone.md \"title\")",
        "[a](../src/Some.java#L3)"
      })
  void link_that_leads_nowhere_is_found(String text) {
    assertThat(planted("docs/page.md", text).brokenLinks()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a](other.md) and [b](other.md#1-the-first-of-two)",
        "[a](other.md#some-code--again)",
        "[a](other.md#again) [b](other.md#again-1)",
        "# Here\n\n[a](#here)",
        "[a](../src/) [b](../src/Some.java) [c](../README.md)",
        "[a](https://example.org/gone.md)",
        "`[a](gone.md)`",
        "```\n[a](gone.md)\n```"
      })
  void link_that_leads_somewhere_or_is_none_passes(String text) {
    assertThat(planted("docs/page.md", text).brokenLinks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          // @, § 9              | the lifecycle page has no § 9
          // @, §s 1, 2 and 9    | the lifecycle page has no § 9
          // @, § 1 and 9        | the lifecycle page has no § 9
          // @, § 1.1            | the lifecycle page has no § 1.1
          // @, § 2, step 4      | the lifecycle page has no step 4 in § 2
          // @, § 2, steps 2 to 4 | the lifecycle page has no step 4 in § 2
          // @, § 1, step 1      | the lifecycle page has no step 1 in § 1
          // @, § 1, and § 9 | the lifecycle page has no § 9
          // @, 2                      | does not say
          // § 9                 | the lifecycle page has no § 9
          // steps 2 and 4 of § 2 | the lifecycle page has no step 4 in § 2
          """)
  void citation_of_what_is_not_there_is_found(String text, String fault) {
    String source = written(text);

    assertThat(planted("src/Other.java", source).brokenCitations())
        .singleElement()
        .asString()
        .contains(written(fault), "src/Other.java");
  }

  @Test
  void citation_of_an_unknown_page_is_found() {
    assertThat(planted("a.txt", "# the execution " + "design, section 1\n").brokenCitations())
        .containsExactly("there is no page docs/design/execution.md: a.txt");
    assertThat(planted("a.sql", "-- see the hidden " + "design.\n").brokenCitations())
        .containsExactly("there is no page docs/design/hidden.md: a.sql");
  }

  @Test
  void citation_is_read_across_the_lines_of_a_comment() {
    String javadoc = "/**\n * One (" + PAGE + ",\n * section\n * 9).\n */\n";
    String script = "# one, " + PAGE + ", sections 1" + "\n# and 9\n";

    assertThat(planted("src/Other.java", javadoc).brokenCitations()).hasSize(1);
    assertThat(planted("run.sh", script).brokenCitations()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "// @, § 1",
        "// @, §s 1, 2 and 3: words",
        "// @, § 2, steps 1 to 3, and § 1",
        "// @, § 3, and @, § 2, step 2",
        "// RFC 8941, § 9.2",
        "// § 2, step 3",
        "// steps 1, 2 and 3 of § 2",
        "// as the design asks, and two design pages say"
      })
  void citation_of_what_is_there_passes(String text) {
    String source = written(text);

    assertThat(planted("src/Other.java", source).brokenCitations()).isEmpty();
  }

  @Test
  void section_without_a_page_means_the_page_where_it_stands() {
    assertThat(
            planted("docs/design/other.md", written("## 1. One\n\nas § 1 says\n"))
                .brokenCitations())
        .isEmpty();
    assertThat(
            planted("docs/design/other.md", written("## 1. One\n\nas § 2 says\n"))
                .brokenCitations())
        .containsExactly(written("the other page has no § 2: docs/design/other.md"));
    assertThat(planted("docs/page.md", written("as § 9 of some book says\n")).brokenCitations())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"## Words\n", "## 2. Words\n", "## 1. A\n\n## 3. B\n", "## 1 Words\n"})
  void heading_that_is_not_the_next_number_is_found(String text) {
    assertThat(planted("docs/design/other.md", text).oddHeadings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"`Gone`", "`Some.Gone`", "`Gone.call()`", "`Inner<Gone>`"})
  void name_that_no_type_has_is_found(String text) {
    assertThat(planted("docs/design/other.md", text).unknownTypes()).hasSize(1);
    assertThat(planted("docs/architecture.md", text).unknownTypes()).hasSize(1);
    assertThat(planted("docs/page.md", text).unknownTypes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"`Some`", "`Some.Inner.call()`", "`Level`", "`SOME_CONSTANT`", "Gone", "`some`"})
  void name_that_a_type_has_or_that_is_none_passes(String text) {
    assertThat(planted("docs/design/other.md", text).unknownTypes()).isEmpty();
  }

  @Test
  void package_that_no_page_names_is_found() {
    String inner = "scheduler-core/src/main/java/dev/stowage/one/two/package-info.java";

    assertThat(planted(inner, "package dev.stowage.one.two;").unnamedPackages())
        .containsExactly("no page names package dev.stowage.one.two");
    assertThat(named(inner, "`one.two`").unnamedPackages()).isEmpty();
    assertThat(named(inner, "`dev.stowage.one.two`").unnamedPackages()).isEmpty();
    assertThat(named(inner, "`two` and one.two").unnamedPackages()).hasSize(1);
    String root = "scheduler-core/src/main/java/dev/stowage/package-info.java";
    assertThat(named(root, "`dev.stowage`").unnamedPackages()).isEmpty();
    assertThat(named(root, "`stowage`").unnamedPackages()).hasSize(1);
  }

  @Test
  void id_that_only_a_test_or_only_a_page_names_is_found() {
    String tag = "@Tag(\"Q-" + "T01\")";

    assertThat(planted("src/OtherTest.java", tag).unknownIds()).containsExactly("Q-T01: no page");
    assertThat(planted("docs/design/other.md", "| 1 | Q-" + "D02b |").unknownIds())
        .containsExactly("Q-D02b: no test");
  }

  /** What is planted, with its words instead of their signs. */
  private static String written(String text) {
    return text.replace("@", PAGE).replace("§", "section");
  }

  private static PageRules named(String file, String architecture) {
    TreeMap<String, String> texts = small();
    texts.put(file, "");
    texts.put("docs/architecture.md", architecture);
    return new PageRules(texts, List.copyOf(texts.keySet()));
  }

  private static PageRules planted(String file, String text) {
    TreeMap<String, String> texts = small();
    texts.put(file, text);
    return new PageRules(texts, List.copyOf(texts.keySet()));
  }

  private static TreeMap<String, String> small() {
    TreeMap<String, String> texts = new TreeMap<>();
    texts.put("README.md", "");
    texts.put("docs/architecture.md", "");
    texts.put("docs/design/lifecycle.md", LIFECYCLE);
    texts.put(
        "docs/other.md", "# 1. The first, of two\n\n# `Some` code & again\n\n# Again\n\n# Again\n");
    texts.put(
        "src/Some.java",
        "final class Some { // class Gone\n  record Inner() {}\n  enum Level {}\n}\n");
    return texts;
  }
}
