package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chains of a host without a test framework. */
class ChainsFromMainTest {
  @Test
  void chains_withoutJupiter_run() {
    assertThatCode(() -> runWithout("junit-jupiter-")).doesNotThrowAnyException();
  }

  /** Runs the host in a class loader of its own, without some jars. */
  private static void runWithout(String jar) throws Throwable {
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(classPathWithout(jar), platform)) {
      thread.setContextClassLoader(loader);
      loader
          .loadClass(ChainsHost.class.getName())
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    } finally {
      thread.setContextClassLoader(usual);
    }
  }

  private static URL[] classPathWithout(String jar) throws MalformedURLException {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> kept = new ArrayList<>();
    for (String entry : all.split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (!path.getFileName().toString().startsWith(jar)) {
        kept.add(path.toUri().toURL());
      }
    }
    return kept.toArray(URL[]::new);
  }
}
