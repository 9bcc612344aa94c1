package dev.stowage.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;

/** The main classes of every module that a test here can see; benchmarks depend on this module. */
final class MainClasses {
  /** One package of each module. */
  static final List<String> ONE_OF_EACH_MODULE =
      List.of(
          "dev.stowage.model",
          "dev.stowage.storage.memory",
          "dev.stowage.storage.postgres",
          "dev.stowage.sim");

  private MainClasses() {}

  /** Whatever lies where one package-info of each module was loaded from. */
  static JavaClasses all() {
    List<URL> places = new ArrayList<>();
    for (String name : ONE_OF_EACH_MODULE) {
      try {
        Class<?> info = Class.forName(name + ".package-info");
        places.add(info.getProtectionDomain().getCodeSource().getLocation());
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("no package " + name + " on the class path", e);
      }
    }
    return new ClassFileImporter().importUrls(places);
  }
}
