package dev.stowage.content;

/** Parses a dictionary of RFC 8941, section 4.2.2, of which it keeps integers and booleans. */
final class PriorityFieldParser {
  private static final int MAX_INTEGER_DIGITS = 15;

  private final String field;
  private int at;
  private boolean broken;
  private int urgency = HttpPriority.DEFAULT_URGENCY;
  private boolean incremental;

  PriorityFieldParser(String field) {
    this.field = field;
  }

  private sealed interface Item {
    record Whole(long value) implements Item {}

    record Flag(boolean value) implements Item {}

    record Other() implements Item {}
  }

  HttpPriority parse() {
    skip(" ");
    while (!broken && at < field.length()) {
      member();
      skip(" \t");
      if (at < field.length()) {
        expect(',');
        skip(" \t");
        broken |= at == field.length();
      }
    }
    return broken ? HttpPriority.DEFAULT : new HttpPriority(urgency, incremental);
  }

  private void member() {
    String key = key();
    Item value = new Item.Flag(true);
    if (next() == '=') {
      at++;
      value = next() == '(' ? innerList() : bareItem();
    }
    parameters();
    take(key, value);
  }

  private void take(String key, Item value) {
    // A later member replaces an earlier one even if its value is invalid.
    if (key.equals("u")) {
      boolean inRange =
          value instanceof Item.Whole whole && whole.value() >= 0 && whole.value() < 8;
      urgency = inRange ? (int) ((Item.Whole) value).value() : HttpPriority.DEFAULT_URGENCY;
    } else if (key.equals("i")) {
      incremental = value instanceof Item.Flag flag && flag.value();
    }
  }

  private String key() {
    int from = at;
    if (!isLower(next()) && next() != '*') {
      broken = true;
      return "";
    }
    while (isLower(next()) || isDigit(next()) || "_-.*".indexOf(next()) >= 0) {
      at++;
    }
    return field.substring(from, at);
  }

  private Item innerList() {
    expect('(');
    skip(" ");
    while (!broken && next() != ')') {
      bareItem();
      parameters();
      broken |= next() != ' ' && next() != ')';
      skip(" ");
    }
    expect(')');
    return new Item.Other();
  }

  private void parameters() {
    while (!broken && next() == ';') {
      at++;
      skip(" ");
      key();
      if (next() == '=') {
        at++;
        bareItem();
      }
    }
  }

  private Item bareItem() {
    char first = next();
    if (isDigit(first) || first == '-') {
      return number();
    }
    if (first == '?') {
      at++;
      char flag = next();
      broken |= flag != '0' && flag != '1';
      at++;
      return new Item.Flag(flag == '1');
    }
    if (first == '"') {
      return string();
    }
    if (first == ':') {
      return binary();
    }
    return token();
  }

  private Item number() {
    boolean negative = next() == '-';
    at += negative ? 1 : 0;
    int from = at;
    long value = 0;
    while (isDigit(next())) {
      value = at - from < MAX_INTEGER_DIGITS ? value * 10 + (next() - '0') : value;
      at++;
    }
    int digits = at - from;
    broken |= digits == 0 || digits > MAX_INTEGER_DIGITS;
    if (next() != '.') {
      return new Item.Whole(negative ? -value : value);
    }
    at++;
    int fraction = at;
    while (isDigit(next())) {
      at++;
    }
    broken |= digits > 12 || at == fraction || at - fraction > 3;
    return new Item.Other();
  }

  private Item string() {
    at++;
    while (!broken && next() != '"') {
      if (next() == '\\') {
        at++;
        broken |= next() != '"' && next() != '\\';
      }
      broken |= next() < ' ' || next() > '~';
      at++;
    }
    expect('"');
    return new Item.Other();
  }

  private Item binary() {
    at++;
    while (isAlphanumeric(next()) || "+/=".indexOf(next()) >= 0) {
      at++;
    }
    expect(':');
    return new Item.Other();
  }

  private Item token() {
    if (!isAlpha(next()) && next() != '*') {
      broken = true;
      return new Item.Other();
    }
    while (isAlphanumeric(next()) || "!#$%&'*+-.^_`|~:/".indexOf(next()) >= 0) {
      at++;
    }
    return new Item.Other();
  }

  private char next() {
    return at < field.length() ? field.charAt(at) : '\0';
  }

  private void skip(String characters) {
    while (at < field.length() && characters.indexOf(field.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char character) {
    broken |= next() != character;
    at++;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isAlpha(char c) {
    return isLower(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlphanumeric(char c) {
    return isAlpha(c) || isDigit(c);
  }
}
