package dev.stowage.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checked-out tree: where it is, its modules, and its files. */
final class Repository {
  /** Directories of the machine, not of the repository. */
  private static final List<String> NOT_OURS =
      List.of(".git", ".idea", ".vscode", ".settings", "target", "stowage-demo");

  private final Path root;

  private Repository(Path root) {
    this.root = root;
  }

  /** The tree that holds the module under test; a test runs in its module's directory. */
  static Repository here() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(at.resolve(".mvn/jvm.config"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("no .mvn/jvm.config above " + Path.of("").toAbsolutePath());
      }
    }
    return new Repository(at);
  }

  Path root() {
    return root;
  }

  /** Main sources of every module, sorted. */
  List<Path> mainSources() {
    return files().stream()
        .filter(file -> file.toString().endsWith(".java"))
        .filter(file -> root.relativize(file).toString().contains("src/main/java"))
        .toList();
  }

  /** Every file that is not built, sorted. */
  List<Path> files() {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile).filter(this::isOurs).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path from the root, as messages show it. */
  Path relative(Path file) {
    return root.relativize(file);
  }

  private boolean isOurs(Path file) {
    for (Path part : root.relativize(file)) {
      if (NOT_OURS.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
