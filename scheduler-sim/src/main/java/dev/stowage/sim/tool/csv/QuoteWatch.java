package dev.stowage.sim.tool.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Follows the quotes of a CSV text during reading, so that an unclosed quote can be reported by its
 * line: a parser takes everything after it for one field.
 */
final class QuoteWatch extends FilterReader {
  private enum Place {
    BEFORE_FIELD,
    IN_FIELD,
    IN_QUOTES,
    BEHIND_QUOTE
  }

  private Place place = Place.BEFORE_FIELD;
  private boolean isEnded;
  private boolean afterReturn;
  private long line = 1;
  private long opened;
  private long stray;

  QuoteWatch(Reader characters) {
    super(characters);
  }

  /** Returns the line of a quote that was not closed before the end; 0 if there is none. */
  long neverClosed() {
    return isEnded && place == Place.IN_QUOTES ? opened : 0;
  }

  /** Returns the line of the first text between a closing quote and a comma; 0 if none. */
  long stray() {
    return stray;
  }

  /** Reads the rest of the text to learn how it ends. */
  void drain() throws IOException {
    char[] rest = new char[1 << 13];
    while (read(rest, 0, rest.length) >= 0) {
      // only the watching matters
    }
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] into, int from, int most) throws IOException {
    int count = super.read(into, from, most);
    isEnded |= count < 0;
    for (int at = from; at < from + count; at++) {
      see(into[at]);
    }
    return count;
  }

  private void see(char unit) {
    boolean isLineEnd = unit == '\r' || (unit == '\n' && !afterReturn);
    line += isLineEnd ? 1 : 0;
    afterReturn = unit == '\r';
    if (unit == '"') {
      quote();
    } else if (place != Place.IN_QUOTES) {
      boolean isFieldEnd = unit == ',' || unit == '\r' || unit == '\n';
      stray = place == Place.BEHIND_QUOTE && !isFieldEnd && stray == 0 ? line : stray;
      place = isFieldEnd ? Place.BEFORE_FIELD : Place.IN_FIELD;
    }
  }

  private void quote() {
    if (place == Place.BEFORE_FIELD) {
      opened = line;
    }
    place =
        switch (place) {
          case BEFORE_FIELD, BEHIND_QUOTE -> Place.IN_QUOTES;
          case IN_QUOTES -> Place.BEHIND_QUOTE;
          case IN_FIELD -> Place.IN_FIELD;
        };
  }
}
