package dev.stowage.sim.mutants;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Puts a mutant into the source of its class. */
final class SourcePatch {
  private static final Pattern TOKEN = Pattern.compile("\\w+|\\S");

  private static final List<String> FOLDERS =
      List.of(
          "scheduler-core/src/main/java",
          "scheduler-sim/src/main/java",
          "scheduler-sim/src/test/java");

  private SourcePatch() {}

  /** A source in memory. */
  static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String type, String text) {
      super(URI.create("memory:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /**
   * The source with the mutant in it.
   *
   * @throws IllegalStateException if the patch does not apply, or applies more than once
   */
  static Source of(Mutant mutant) throws IOException {
    String text = Files.readString(file(mutant.type()));
    Pattern was = pattern(mutant.was());
    List<int[]> hits = new ArrayList<>();
    for (int[] method : methods(mutant, text)) {
      Matcher found = was.matcher(text).region(method[0], method[1]);
      while (found.find()) {
        hits.add(new int[] {found.start(), found.end()});
      }
    }
    if (hits.size() != 1) {
      throw new IllegalStateException(
          "mutant "
              + mutant
              + " is to be brought up to date: "
              + mutant.type()
              + "."
              + mutant.method()
              + " has \""
              + mutant.was()
              + "\" "
              + hits.size()
              + " times");
    }
    int[] hit = hits.get(0);
    String patched = text.substring(0, hit[0]) + mutant.now() + text.substring(hit[1]);
    return new Source(mutant.type(), patched);
  }

  /** Tests run in the module's folder or, from an editor, in the repository's. */
  private static Path file(String type) {
    Path above = Files.exists(Path.of("scheduler-core")) ? Path.of("") : Path.of("..");
    String name = type.replace('.', '/') + ".java";
    return FOLDERS.stream()
        .map(folder -> above.resolve(folder).resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(type + " has no source"));
  }

  /** The tokens of a piece of code, with any space between them. */
  private static Pattern pattern(String code) {
    StringBuilder pattern = new StringBuilder();
    Matcher token = TOKEN.matcher(code);
    while (token.find()) {
      pattern.append(pattern.isEmpty() ? "" : "\\s*").append(Pattern.quote(token.group()));
    }
    return Pattern.compile(pattern.toString());
  }

  /** Where the methods of the mutant's name begin and end. */
  private static List<int[]> methods(Mutant mutant, String text) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> sources = List.of(new Source(mutant.type(), text));
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    List<int[]> found = new ArrayList<>();
    for (CompilationUnitTree unit : task.parse()) {
      new TreePathScanner<@Nullable Void, @Nullable Void>() {
        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
          if (method.getName().contentEquals(mutant.method())) {
            found.add(
                new int[] {
                  (int) positions.getStartPosition(unit, method),
                  (int) positions.getEndPosition(unit, method)
                });
          }
          return super.visitMethod(method, null);
        }
      }.scan(unit, null);
    }
    return found;
  }
}
