package dev.stowage.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One page of Markdown: its headings, links and code spans. What is fenced is no text of it. */
final class MarkdownPage {
  private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.*?) *#*");
  private static final Pattern SECTION = Pattern.compile("(\\d+)\\. \\S.*");
  private static final Pattern STEP = Pattern.compile("(\\d+)\\. .*");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(<?([^)>\\s]+)>?(?: +\"[^\"]*\")?\\)");
  private static final Pattern SPAN = Pattern.compile("(`+)(.+?)\\1");

  private final List<String> lines = new ArrayList<>();

  MarkdownPage(String text) {
    boolean isFenced = false;
    for (String line : text.lines().toList()) {
      if (line.strip().startsWith("```")) {
        isFenced = !isFenced;
      } else if (!isFenced) {
        lines.add(line);
      }
    }
  }

  /** What stands behind a hash in links to headings of this page. */
  TreeSet<String> anchors() {
    TreeSet<String> anchors = new TreeSet<>();
    TreeMap<String, Integer> seen = new TreeMap<>();
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor = anchor(heading.group(2));
        int before = seen.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    String plain = heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
    return plain
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .strip()
        .replace(' ', '-');
  }

  /** The targets of links, as they are written. */
  List<String> links() {
    List<String> links = new ArrayList<>();
    for (String line : lines) {
      Matcher link = LINK.matcher(SPAN.matcher(line).replaceAll("code"));
      while (link.find()) {
        links.add(link.group(1));
      }
    }
    return links;
  }

  /** What stands in backticks. */
  List<String> codeSpans() {
    List<String> spans = new ArrayList<>();
    Matcher span = SPAN.matcher(String.join("\n", lines));
    while (span.find()) {
      spans.add(span.group(2).strip());
    }
    return spans;
  }

  /** The numbered sections, each with the numbers of its steps. */
  Map<Integer, TreeSet<Integer>> sections() {
    TreeMap<Integer, TreeSet<Integer>> sections = new TreeMap<>();
    TreeSet<Integer> steps = new TreeSet<>();
    for (String line : lines) {
      if (line.startsWith("## ")) {
        Matcher section = SECTION.matcher(line.substring(3));
        steps = new TreeSet<>();
        if (section.matches()) {
          sections.put(Integer.valueOf(section.group(1)), steps);
        }
      }
      Matcher step = STEP.matcher(line);
      if (step.matches()) {
        steps.add(Integer.valueOf(step.group(1)));
      }
    }
    return sections;
  }

  /** The headings of the second level that do not go on with the next number, from 1. */
  List<String> unnumberedHeadings() {
    List<String> faults = new ArrayList<>();
    int next = 1;
    for (String line : lines) {
      if (line.startsWith("## ")) {
        Matcher section = SECTION.matcher(line.substring(3));
        if (!section.matches() || Integer.parseInt(section.group(1)) != next++) {
          faults.add(line);
        }
      }
    }
    return faults;
  }
}
