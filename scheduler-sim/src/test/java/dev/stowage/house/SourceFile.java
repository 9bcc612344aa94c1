package dev.stowage.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** One Java source, parsed by the JDK's own compiler but not attributed: the tree and its lines. */
final class SourceFile {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** One for all sources: a compiler that has to make its own reads the whole class path. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

  private final Path path;
  private final String text;
  private final CompilationUnitTree unit;
  private final DocTrees trees;

  private SourceFile(Path path, String text, CompilationUnitTree unit, DocTrees trees) {
    this.path = path;
    this.text = text;
    this.unit = unit;
    this.trees = trees;
  }

  static SourceFile read(Repository repository, Path file) {
    try {
      return of(repository.relative(file), Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SourceFile of(Path path, String text) {
    DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            COMPILER.getTask(null, FILES, faults, List.of(), null, List.of(new Text(path, text)));
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      if (!faults.getDiagnostics().isEmpty()) {
        throw new IllegalArgumentException(path + ": " + faults.getDiagnostics());
      }
      return new SourceFile(path, text, unit, DocTrees.instance(task));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return path;
  }

  String text() {
    return text;
  }

  CompilationUnitTree unit() {
    return unit;
  }

  String packageName() {
    return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
  }

  /** The first line of {@code tree}, from 1. */
  long firstLine(Tree tree) {
    return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
  }

  /** The last line of {@code tree}, from 1. */
  long lastLine(Tree tree) {
    return unit.getLineMap()
        .getLineNumber(trees.getSourcePositions().getEndPosition(unit, tree) - 1);
  }

  /** The javadoc of a declaration without its stars, or null. */
  @Nullable String javadoc(TreePath declaration) {
    return trees.getDocComment(declaration);
  }

  /** Lines that hold code: neither blank nor comment only. */
  int codeLines() {
    return (int) CommentStripper.strip(text).lines().filter(line -> !line.isBlank()).count();
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(Path path, String text) {
      super(URI.create("string:///" + path.toString().replace('\\', '/')), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
