package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code stowage plan} on files of a folder and reads what it wrote. */
final class PlanRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  PlanRunner(Path folder) {
    this.folder = folder;
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Runs with {@code workers.csv} and {@code chunks.csv} of the folder, into a folder of it. */
  int plan(String to, String... more) {
    List<String> words = new ArrayList<>(List.of("plan", "--workers", at("workers.csv")));
    words.addAll(List.of("--chunks", at("chunks.csv"), "--out", at(to)));
    words.addAll(List.of(more));
    return run(words);
  }

  int run(List<String> words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    String[] args = words.toArray(new String[0]);
    return StowageCommand.commandLine(console, args).execute(args);
  }

  String at(String name) {
    return folder.resolve(name).toString();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  JsonNode summary(String of) {
    try {
      return JSON.readTree(text(of, "summary.json"));
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  String text(String of, String name) {
    try {
      return Files.readString(folder.resolve(of).resolve(name), StandardCharsets.UTF_8);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /** The lines of a file behind its header. */
  List<String> rows(String of, String name) {
    return text(of, name).lines().skip(1).toList();
  }
}
