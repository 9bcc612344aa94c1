package dev.stowage.sim.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Writes down all that must stay as it is. No test of every build: it takes minutes, and {@code
 * .ci/freeze} asks for it by name and compares.
 *
 * <p>A digest is made of numbers, of bytes that are written for others to read, and of words that
 * are published. None of them may depend on where a class is, or what it is called.
 */
class Freeze {
  private static final Path FOUND = Path.of("target", "freeze.txt");

  @Test
  void everyPart_isWrittenDown() throws Exception {
    List<String> wanted = List.of(System.getProperty("stowage.freeze.parts", "").split(" "));
    List<Piece> pieces = new ArrayList<>();
    pieces.addAll(FrozenScenarios.pieces());
    pieces.addAll(FrozenDemo.pieces());
    pieces.addAll(FrozenPlans.pieces());
    pieces.addAll(FrozenBytes.pieces());
    pieces.addAll(FrozenWalks.pieces());
    if (!wanted.contains("")) {
      pieces.removeIf(piece -> !wanted.contains(piece.part()));
    }
    List<String> lines = done(pieces);
    assertThat(new TreeSet<>(lines)).as("lines, none twice").hasSameSizeAs(lines);
    Files.write(FOUND, new TreeSet<>(lines));
  }

  private static List<String> done(List<Piece> pieces) throws Exception {
    int threads = Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors()));
    ExecutorService crew = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<String>>> results = new ArrayList<>();
      pieces.forEach(piece -> results.add(crew.submit(piece.lines())));
      List<String> lines = new ArrayList<>();
      for (int at = 0; at < results.size(); at++) {
        String part = pieces.get(at).part();
        results.get(at).get().forEach(line -> lines.add(part + " " + line));
      }
      return lines;
    } finally {
      crew.shutdownNow();
    }
  }
}
