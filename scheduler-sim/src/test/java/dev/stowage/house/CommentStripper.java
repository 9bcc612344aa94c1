package dev.stowage.house;

/** Removes comments from Java text and keeps its lines; comment marks inside literals stay. */
final class CommentStripper {
  private final String text;
  private final StringBuilder code = new StringBuilder();
  private int at;

  private CommentStripper(String text) {
    this.text = text;
  }

  static String strip(String text) {
    return new CommentStripper(text).run();
  }

  private String run() {
    while (at < text.length()) {
      if (text.startsWith("//", at)) {
        skipUntil("\n", 0);
      } else if (text.startsWith("/*", at)) {
        skipUntil("*/", 2);
      } else if (text.startsWith("\"\"\"", at)) {
        copyLiteral("\"\"\"");
      } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
        copyLiteral(text.substring(at, at + 1));
      } else {
        code.append(text.charAt(at++));
      }
    }
    return code.toString();
  }

  private void skipUntil(String mark, int markLength) {
    int found = text.indexOf(mark, at + markLength);
    int end = found < 0 ? text.length() : found + markLength;
    text.substring(at, end).chars().filter(c -> c == '\n').forEach(c -> code.append('\n'));
    at = end;
  }

  private void copyLiteral(String quote) {
    code.append(quote);
    at += quote.length();
    while (at < text.length() && !text.startsWith(quote, at)) {
      if (text.charAt(at) == '\\') {
        code.append(text.charAt(at++));
      }
      code.append(text.charAt(at++));
    }
    code.append(quote);
    at += quote.length();
  }
}
