package dev.stowage.sim.mutants;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Runs tests as they stand, in the library that they are loaded with: a test framework would load
 * the one that is not broken. Extensions are not asked.
 */
public final class TestRun {
  private TestRun() {}

  /** The tests of a class that fail, by name; those that it inherits included. */
  public static List<String> failing(Class<?> type) {
    List<String> failing = new ArrayList<>();
    List<Method> tests =
        lineage(type).stream()
            .flatMap(each -> Stream.of(each.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Test.class))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    if (tests.isEmpty()) {
      throw new IllegalArgumentException(type + " has no tests");
    }
    for (Method test : tests) {
      if (fails(opened(type), test)) {
        failing.add(test.getName());
      }
    }
    return failing;
  }

  /**
   * Whether a test fails, with what comes before and after it.
   *
   * @param instance of its class, fresh
   */
  public static boolean fails(Object instance, Method test) {
    try {
      List<Class<?>> lineage = lineage(instance.getClass());
      List<Class<?>> fromTheTop = new ArrayList<>(lineage);
      Collections.reverse(fromTheTop);
      call(instance, fromTheTop, BeforeEach.class);
      try {
        test.setAccessible(true);
        test.invoke(instance);
      } finally {
        call(instance, lineage, AfterEach.class);
      }
      return false;
    } catch (InvocationTargetException caught) {
      return true;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Object opened(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void call(Object instance, List<Class<?>> types, Class<? extends Annotation> when)
      throws ReflectiveOperationException {
    for (Class<?> type : types) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(when)) {
          method.setAccessible(true);
          method.invoke(instance);
        }
      }
    }
  }

  /** A class and those that it extends, from below. */
  private static List<Class<?>> lineage(Class<?> type) {
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      all.add(each);
    }
    return all;
  }
}
