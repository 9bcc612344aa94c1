package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The recorded figures of the published planner, read from {@code recorded.csv}. */
final class RecordedFigures {
  private static final String FILE = "recorded.csv";

  private RecordedFigures() {}

  /**
   * A recorded row; a figure that was not recorded is empty.
   *
   * @param shape name of the shape
   * @param algorithm {@code multistep} or {@code stateless}
   * @param event title of the event
   * @param wall seconds
   * @param cpu seconds
   * @param max fullest worker over the mean
   * @param min emptiest worker over the mean
   * @param movedTib TiB moved, until nothing changed any more
   * @param overA moved over minimum A
   * @param overB moved over minimum B
   * @param totalMib resident high-water mark
   */
  record Row(
      String shape,
      String algorithm,
      String event,
      String wall,
      String cpu,
      String max,
      String min,
      String movedTib,
      String overA,
      String overB,
      String totalMib) {}

  /** Returns the rows of a shape and an event, multistep first; none for an unpublished shape. */
  static List<Row> of(String shape, Event event) {
    return all().stream()
        .filter(row -> row.shape().equals(shape) && row.event().equals(event.title()))
        .toList();
  }

  static List<Row> all() {
    try (InputStream in = RecordedFigures.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .skip(1)
          .map(RecordedFigures::row)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String line) {
    String[] part = line.split(",", -1);
    return new Row(
        part[0], part[1], part[2], part[3], part[4], part[5], part[6], part[7], part[8], part[9],
        part[10]);
  }
}
