package dev.stowage.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Citations of design pages. In full they name page and section, "lifecycle" and "4" for instance;
 * one without a page means the page where it stands, or else the lifecycle design.
 */
final class Citations {
  private static final String NUMBER = "\\d+(?:\\.\\d+)*";
  private static final String NUMBERS = NUMBER + "(?:(?:, and | and | to |, )" + NUMBER + ")*";
  private static final String OF_PAGE = "(?:\\b([\\w-]+) design, )?";
  private static final Pattern CITATION =
      Pattern.compile(
          OF_PAGE
              + "\\b[Ss]ection(?:s ("
              + NUMBERS
              + ")| ("
              + NUMBER
              + "(?: and "
              + NUMBER
              + ")?))(?:, steps? ("
              + NUMBERS
              + "))?");
  private static final Pattern STEPS_FIRST =
      Pattern.compile(
          "\\b[Ss]teps? ("
              + NUMBERS
              + ") of (?:the )?"
              + OF_PAGE
              + "section ("
              + NUMBER
              + ")(?![.\\d])");
  private static final Pattern WITHOUT_SECTION = Pattern.compile("\\b[\\w-]+ design, \\d+");
  private static final Pattern THE_PAGE = Pattern.compile("\\b[Tt]he ([\\w-]+) design\\b(?! page)");
  private static final Pattern FOREIGN = Pattern.compile(".*\\bRFC \\d+, ", Pattern.DOTALL);
  private static final Pattern GOES_ON = Pattern.compile(",? and (?:of )?|, ");

  /** A line end within a comment, with the mark that the next line of the comment begins with. */
  private static final Pattern NEXT_LINE = Pattern.compile("\\R[ \\t]*(?:\\*(?!/)|//+|#+|--|>)?");

  private final Map<String, Map<Integer, TreeSet<Integer>>> pages;

  /**
   * Judges citations of these pages.
   *
   * @param pages by name, the sections with their steps; a page that is to come is missing
   */
  Citations(Map<String, Map<Integer, TreeSet<Integer>>> pages) {
    this.pages = new TreeMap<>(pages);
  }

  /**
   * What is wrong with the citations in a text.
   *
   * @param ownPage the page that is meant where none is named; empty: such a citation is none
   */
  List<String> faults(String text, String ownPage) {
    if (!text.contains("ection") && !text.contains("design")) {
      return List.of();
    }
    String prose = NEXT_LINE.matcher(text).replaceAll(" ").replaceAll(" +", " ");
    List<String> faults = new ArrayList<>();
    Matcher cited = CITATION.matcher(prose);
    String page = ownPage;
    int end = -1;
    while (cited.find()) {
      boolean goesOn = end >= 0 && GOES_ON.matcher(prose.substring(end, cited.start())).matches();
      page = cited.group(1) != null ? cited.group(1) : goesOn ? page : ownPage;
      end = cited.end();
      String before = prose.substring(Math.max(0, cited.start() - 20), cited.start());
      if (!page.isEmpty() && !FOREIGN.matcher(before).matches()) {
        String sections = cited.group(2) != null ? cited.group(2) : cited.group(3);
        judge(page, sections, cited.group(4), faults);
      }
    }
    Matcher stepsFirst = STEPS_FIRST.matcher(prose);
    while (stepsFirst.find()) {
      String named = stepsFirst.group(2) == null ? ownPage : stepsFirst.group(2);
      if (!named.isEmpty()) {
        judge(named, stepsFirst.group(3), stepsFirst.group(1), faults);
      }
    }
    Matcher malformed = WITHOUT_SECTION.matcher(prose);
    while (malformed.find()) {
      faults.add("'" + malformed.group() + "' does not say \"section\"");
    }
    Matcher named = THE_PAGE.matcher(prose);
    while (named.find()) {
      if (!pages.containsKey(named.group(1))) {
        faults.add(missing(named.group(1)));
      }
    }
    return faults.stream().distinct().toList();
  }

  private void judge(String page, String sections, String steps, List<String> faults) {
    Map<Integer, TreeSet<Integer>> known = pages.get(page);
    if (known == null) {
      faults.add(missing(page));
      return;
    }
    TreeSet<Integer> stepsThere = new TreeSet<>();
    for (String section : numbers(sections)) {
      TreeSet<Integer> there = section.contains(".") ? null : known.get(Integer.valueOf(section));
      if (there == null) {
        faults.add("the " + page + " page has no section " + section);
      } else {
        stepsThere.addAll(there);
      }
    }
    for (String step : steps == null ? List.<String>of() : numbers(steps)) {
      if (step.contains(".") || !stepsThere.contains(Integer.valueOf(step))) {
        faults.add("the " + page + " page has no step " + step + " in section " + sections);
      }
    }
  }

  private static String missing(String page) {
    return "there is no page docs/design/" + page + ".md";
  }

  /** "1, 2 and 5 to 7" one by one. */
  private static List<String> numbers(String list) {
    List<String> numbers = new ArrayList<>();
    for (String part : list.split(",? and |, ")) {
      String[] ends = part.split(" to ");
      if (ends.length == 2 && !part.contains(".")) {
        for (int n = Integer.parseInt(ends[0]); n <= Integer.parseInt(ends[1]); n++) {
          numbers.add(Integer.toString(n));
        }
      } else {
        numbers.addAll(List.of(ends));
      }
    }
    return numbers;
  }
}
