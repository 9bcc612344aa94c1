package dev.stowage.sim.tool.plan;

/** A CSV file in the making (RFC 4180, LF). */
final class CsvText {
  private final StringBuilder text = new StringBuilder();
  private boolean atStart = true;

  CsvText(String... header) {
    for (String column : header) {
      field(column);
    }
    end();
  }

  CsvText field(String value) {
    if (!atStart) {
      text.append(',');
    }
    atStart = false;
    boolean plain = !value.isEmpty() && value.charAt(0) != ' ';
    for (int i = 0; plain && i < value.length(); i++) {
      plain = value.charAt(i) != ',' && value.charAt(i) != '"';
    }
    if (plain) {
      text.append(value);
    } else {
      text.append('"').append(value.replace("\"", "\"\"")).append('"');
    }
    return this;
  }

  CsvText field(long value) {
    return field(Long.toString(value));
  }

  void end() {
    text.append('\n');
    atStart = true;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
