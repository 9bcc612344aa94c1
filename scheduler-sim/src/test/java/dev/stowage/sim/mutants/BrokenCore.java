package dev.stowage.sim.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The whole library and its tests, loaded anew around one patched class. So is jqwik, which finds
 * the providers of arguments once and keeps them: those of the first library would fit no other.
 */
public final class BrokenCore extends ClassLoader {
  private static final List<String> ANEW = List.of("dev.stowage.", "net.jqwik.");

  private final Map<String, ByteArrayOutputStream> patched;

  private BrokenCore(Map<String, ByteArrayOutputStream> patched) {
    super(BrokenCore.class.getClassLoader());
    this.patched = patched;
  }

  /**
   * The library with this mutant in it.
   *
   * @throws IllegalStateException if the patch no longer applies, or what it makes does not compile
   */
  public static BrokenCore with(Mutant mutant) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    StringWriter messages = new StringWriter();
    boolean isCompiled =
        compiler
            .getTask(
                messages,
                new InMemory(compiler.getStandardFileManager(null, null, null), classes),
                null,
                List.of("-proc:none", "-nowarn", "-classpath", classPath()),
                null,
                List.of(SourcePatch.of(mutant)))
            .call();
    if (!isCompiled) {
      throw new IllegalStateException("mutant " + mutant + " does not compile: " + messages);
    }
    return new BrokenCore(classes);
  }

  /** The library as it is, loaded anew in the same way. */
  public static BrokenCore unbroken() {
    return new BrokenCore(Map.of());
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** A trial of the lifecycle that runs inside of this library. */
  Function<List<String>, List<String>> trial() throws ReflectiveOperationException {
    return trial("dev.stowage.sim.kit.scenario.MutantTrial");
  }

  /**
   * A trial of this class that runs inside of this library; the context class loader tells JUnit
   * and jqwik which one that is.
   */
  @SuppressWarnings("unchecked")
  public Function<List<String>, List<String>> trial(String type)
      throws ReflectiveOperationException {
    var trial =
        (Function<List<String>, List<String>>)
            loadClass(type).getDeclaredConstructor().newInstance();
    return question -> {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(this);
      try {
        return trial.apply(question);
      } finally {
        thread.setContextClassLoader(before);
      }
    };
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (ANEW.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes;
    ByteArrayOutputStream ours = patched.get(name);
    try (InputStream original = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (original == null) {
        throw new ClassNotFoundException(name);
      }
      bytes = ours == null ? original.readAllBytes() : ours.toByteArray();
    } catch (IOException unreadable) {
      throw new ClassNotFoundException(name, unreadable);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** Keeps what the compiler writes. */
  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
      super(files);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      classes.put(name, bytes);
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }
}
