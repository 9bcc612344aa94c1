package dev.stowage.evidence;

import java.util.Objects;

/**
 * One field in which two evidence headers differ.
 *
 * @param field the field's name
 * @param expected what the reader asked for, as text
 * @param found what the evidence says, as text
 */
public record HeaderDifference(String field, String expected, String found) {
  /** Refuses null. */
  public HeaderDifference {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(found, "found");
  }

  @Override
  public String toString() {
    return field + " expected " + expected + " found " + found;
  }
}
