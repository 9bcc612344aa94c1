package dev.stowage.sim.tool.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.snakeyaml.error.Mark;
import com.fasterxml.jackson.dataformat.yaml.snakeyaml.error.MarkedYAMLException;
import dev.stowage.sim.tool.csv.InputProblem;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a text is no YAML, in plain words: the place, the text there, and the broken rule.
 * The parser names them in terms of its own grammar.
 *
 * @param line counted from 1; 0 if it is not known
 * @param found the text at the fault, with its column
 */
@SuppressWarnings("deprecation") // nothing else tells the two places and what is wrong by itself
record YamlFault(long line, String found) {
  private static final String WORD_ENDS = ",:[]{}#\"'";

  static YamlFault of(String text, JsonProcessingException malformed) {
    YamlFault marked = marked(text, malformed);
    if (marked != null) {
      return marked;
    }
    if (malformed instanceof JacksonYAMLParseException) {
      return unprintable(text, malformed);
    }
    String found =
        malformed instanceof JsonParseException
            ? "a key that is not a single value"
            : firstLine(malformed);
    return new YamlFault(lineOf(malformed), found);
  }

  private static @Nullable YamlFault marked(String text, JsonProcessingException malformed) {
    return malformed instanceof MarkedYAMLException told && told.getProblemMark() != null
        ? told(text, told)
        : null;
  }

  private static YamlFault told(String text, MarkedYAMLException told) {
    Mark mark = told.getProblemMark();
    String met = met(text, mark.getIndex()) + column(mark);
    String context = told.getContext() == null ? "" : told.getContext();
    String problem = told.getProblem() == null ? "" : told.getProblem();
    Mark opened = told.getContextMark() == null ? mark : told.getContextMark();
    boolean isAtEnd = mark.getIndex() >= text.codePointCount(0, text.length());
    if (context.contains("quoted scalar") && isAtEnd) {
      return new YamlFault(
          opened.getLine() + 1L, "a quote opened" + column(opened) + " that is never closed");
    }
    if (problem.contains("could not find expected ':'")) {
      return new YamlFault(
          opened.getLine() + 1L,
          met(text, opened.getIndex()) + column(opened) + " with no ':' behind it");
    }
    return new YamlFault(mark.getLine() + 1L, met + breaks(context, problem, opened, isAtEnd));
  }

  private static String breaks(String context, String problem, Mark opened, boolean isAtEnd) {
    String place = " opened in line " + (opened.getLine() + 1) + column(opened);
    String closed = isAtEnd ? " is never closed" : " is not closed before it";
    if (context.contains("flow sequence")) {
      return ", where ',' or ']' belongs: the '['" + place + closed;
    }
    if (context.contains("flow mapping")) {
      return ", where ',' or '}' belongs: the '{'" + place + closed;
    }
    if (context.contains("flow node") || context.contains("block node")) {
      return ", where a value belongs";
    }
    if (problem.contains("not allowed here")) {
      return ", where no key can be: a line may be indented too far, or a value with ': ' in it may"
          + " lack its quotes";
    }
    if (problem.contains("TAB")) {
      return ", where blanks belong";
    }
    if (problem.contains("cannot start any token")) {
      return ", which begins no value unless it is in quotes";
    }
    if (problem.contains("<block end>")) {
      return ", which does not continue what begins in line " + (opened.getLine() + 1);
    }
    return ", which cannot be there";
  }

  private static String column(Mark mark) {
    return " in column " + (mark.getColumn() + 1);
  }

  /** Returns the word, or the character, that begins at a code point. */
  private static String met(String text, int index) {
    if (index >= text.codePointCount(0, text.length())) {
      return "the end of the file";
    }
    int begin = text.offsetByCodePoints(0, index);
    char first = text.charAt(begin);
    if (first == '\t') {
      return "a tab";
    }
    if (first == '\n' || first == '\r') {
      return "the end of the line";
    }
    int end = begin;
    while (end < text.length() && isOfWord(text.charAt(end))) {
      end++;
    }
    int last = end == begin ? text.offsetByCodePoints(begin, 1) : end;
    return InputProblem.quoted(text.substring(begin, last));
  }

  private static boolean isOfWord(char unit) {
    return !Character.isWhitespace(unit) && WORD_ENDS.indexOf(unit) < 0;
  }

  /** Returns the fault of an unprintable character; the parser does not tell its line. */
  private static YamlFault unprintable(String text, JsonProcessingException malformed) {
    long line = 1;
    int begin = 0;
    for (int at = 0; at < text.length(); at++) {
      char unit = text.charAt(at);
      if (unit == '\n') {
        line++;
        begin = at + 1;
      } else if (Character.isISOControl(unit) && unit != '\t' && unit != '\r') {
        String found = "the control character " + InputProblem.quoted(String.valueOf(unit));
        return new YamlFault(line, found + " in column " + (at - begin + 1));
      }
    }
    return new YamlFault(lineOf(malformed), "a character that YAML does not allow");
  }

  private static long lineOf(JsonProcessingException malformed) {
    JsonLocation location = malformed.getLocation();
    return location == null ? 0 : Math.max(0, location.getLineNr());
  }

  private static String firstLine(JsonProcessingException malformed) {
    return malformed.getOriginalMessage().lines().findFirst().orElse("something else");
  }
}
