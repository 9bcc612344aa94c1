package dev.stowage.contract;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives null for each argument of each public method in turn, and a list with a null in it for each
 * list; says which was not refused by its name. Parameters have their names at run time, because
 * everything is compiled with them.
 */
@SuppressWarnings("NullAway") // nulls are what it is about
final class EachNull {
  private static final Set<String> NAMES = Set.of("dataset id", "chunk id", "worker id");

  private final Map<Class<?>, Object> samples;
  private final List<String> wrong = new ArrayList<>();
  private final TreeSet<String> tried = new TreeSet<>();

  /**
   * One that has tried nothing.
   *
   * @param samples what is given for the other parameters, by type; a list is given for any list
   */
  EachNull(Map<Class<?>, Object> samples) {
    this.samples = samples;
  }

  /** Tries all that a type promises, on an object of it. */
  EachNull tries(Class<?> type, Object target) {
    for (Method method : type.getMethods()) {
      boolean isTheirs = method.getDeclaringClass() == Object.class || method.isBridge();
      if (!isTheirs && !Modifier.isStatic(method.getModifiers())) {
        tries(method, target);
      }
    }
    return this;
  }

  /** Tries all ways to make an object of a type: its constructors and its static methods. */
  EachNull making(Class<?> type) {
    for (Constructor<?> constructor : type.getConstructors()) {
      tries(constructor, null);
    }
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers()) && !method.getName().equals("valueOf")) {
        tries(method, null);
      }
    }
    return this;
  }

  private void tries(Executable method, @Nullable Object target) {
    Parameter[] parameters = method.getParameters();
    for (int at = 0; at < parameters.length; at++) {
      Class<?> type = parameters[at].getType();
      if (type.isPrimitive() || method.getName().equals("equals")) {
        continue;
      }
      String where = method.getDeclaringClass().getSimpleName() + "." + method.getName();
      refuses(where, method, target, arguments(method, at, null), parameters[at].getName());
      if (Collection.class.isAssignableFrom(type)) {
        List<Object> given = new ArrayList<>((Collection<?>) sample(List.class, parameters[at]));
        given.add(null);
        String name = parameters[at].getName() + "[" + (given.size() - 1) + "]";
        refuses(where, method, target, arguments(method, at, given), name);
      }
    }
  }

  private void refuses(
      String where, Executable method, @Nullable Object target, Object[] arguments, String name) {
    tried.add(where + " " + name);
    String told;
    try {
      method.setAccessible(true);
      Object answer =
          method instanceof Constructor<?> constructor
              ? constructor.newInstance(arguments)
              : ((Method) method).invoke(target, arguments);
      told = "answered " + answer;
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      if (thrown instanceof NullPointerException && isName(thrown.getMessage(), method, name)) {
        return;
      }
      told = "threw " + thrown;
    } catch (IllegalAccessException | InstantiationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
    wrong.add(where + " with null for " + name + " " + told);
  }

  /** A setter may name what it sets, and a name says of what it is the name. */
  private static boolean isName(String message, Executable method, String name) {
    if (NAMES.contains(message)) {
      return true;
    }
    String set = method.getName();
    String without =
        set.startsWith("with") && set.length() > 4
            ? set.substring(4, 5).toLowerCase(Locale.ROOT) + set.substring(5)
            : set;
    boolean isSetter =
        method.getParameterCount() == 1
            && method instanceof Method setter
            && setter.getReturnType() != void.class;
    return name.equals(message) || (isSetter && (set.equals(message) || without.equals(message)));
  }

  private Object[] arguments(Executable method, int nothing, Object instead) {
    Parameter[] parameters = method.getParameters();
    Object[] arguments = new Object[parameters.length];
    for (int at = 0; at < parameters.length; at++) {
      arguments[at] = at == nothing ? instead : sample(parameters[at].getType(), parameters[at]);
    }
    return arguments;
  }

  private Object sample(Class<?> type, Parameter parameter) {
    Object known = samples.get(type);
    if (known == null && Collection.class.isAssignableFrom(type)) {
      return Collections.emptyList();
    }
    if (known == null) {
      throw new AssertionError("no sample of " + type + " for " + parameter);
    }
    return known;
  }

  /** Returns the names of the tried calls, so that a test can require that there are some. */
  TreeSet<String> tried() {
    return tried;
  }

  /** Returns the nulls that were not refused, or not by name. */
  List<String> wrong() {
    return wrong;
  }
}
