package dev.stowage.house;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Renders what modules export: one line for each public or protected type and for each member that
 * a host can name. Names leave out {@code dev.stowage.}, {@code java.lang.} and {@code java.util.};
 * a question mark behind a type is {@code @Nullable}. The line of a record stands for its canonical
 * constructor and its accessors.
 */
final class Signatures {
  private static final int SHOWN =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL;

  private static final Pattern LEFT_OUT =
      Pattern.compile("\\b(?:dev\\.stowage\\.|java\\.(?:lang|util)\\.(?=[A-Z]))");

  private static final Set<String> OF_EVERY_OBJECT =
      Set.of("equals(java.lang.Object)", "hashCode()", "toString()");

  private final SortedSet<String> lines = new TreeSet<>();

  /** Returns the sorted lines of the modules in folders of classes. */
  static SortedSet<String> of(Collection<Path> folders) throws IOException {
    Signatures signatures = new Signatures();
    for (ModuleReference found : ModuleFinder.of(folders.toArray(Path[]::new)).findAll()) {
      for (Class<?> type : exported(found)) {
        signatures.add(type);
      }
    }
    return signatures.lines;
  }

  private static List<Class<?>> exported(ModuleReference module) throws IOException {
    List<String> packages =
        module.descriptor().exports().stream()
            .filter(each -> !each.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .toList();
    List<Class<?>> types = new ArrayList<>();
    try (var reader = module.open();
        Stream<String> files = reader.list()) {
      for (String file : (Iterable<String>) files.sorted()::iterator) {
        int slash = file.lastIndexOf('/');
        if (slash > 0
            && file.endsWith(".class")
            && !file.endsWith("package-info.class")
            && packages.contains(file.substring(0, slash).replace('/', '.'))) {
          Class<?> type = load(file.substring(0, file.length() - ".class".length()));
          if (isNamed(type)) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  private static Class<?> load(String file) {
    try {
      return Class.forName(file.replace('/', '.'), false, Signatures.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the class path lacks a class of the module: " + file, e);
    }
  }

  /** Reports whether a host can name a type: it and all types around it are public or protected. */
  private static boolean isNamed(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
      return false;
    }
    Class<?> around = type.getDeclaringClass();
    return isOpen(type.getModifiers()) && (around == null || isNamed(around));
  }

  private static boolean isOpen(int modifiers) {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  private void add(Class<?> type) {
    line(type, " " + head(type));
    for (Field field : type.getDeclaredFields()) {
      if (isOpen(field.getModifiers()) && !field.isSynthetic()) {
        String kind = modifiers(field.getModifiers()) + text(field.getAnnotatedType());
        line(type, "." + field.getName() + " : " + (field.isEnumConstant() ? "constant" : kind));
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isOpen(constructor.getModifiers())
          && !constructor.isSynthetic()
          && !isImplied(type, "new", constructor)) {
        line(type, ".new" + call(constructor) + " : " + modifiers(constructor.getModifiers()));
      }
    }
    methods(type, type);
  }

  /** Adds methods, and those that a type has from a superclass that no host can name. */
  private void methods(Class<?> type, Class<?> declarer) {
    for (Method method : declarer.getDeclaredMethods()) {
      if (isOpen(method.getModifiers())
          && !method.isSynthetic()
          && !isImplied(type, method.getName(), method)) {
        String kind = modifiers(method.getModifiers()) + (method.isDefault() ? "default " : "");
        String result = text(method.getAnnotatedReturnType());
        line(type, "." + method.getName() + call(method) + " : " + kind + result);
      }
    }
    Class<?> above = declarer.getSuperclass();
    if (above != null && above.getName().startsWith("dev.stowage.") && !isNamed(above)) {
      methods(type, above);
    }
  }

  /** Reports whether the line of the type says already that it has a member. */
  private static boolean isImplied(Class<?> type, String name, Executable member) {
    List<Class<?>> parameters = List.of(member.getParameterTypes());
    String call =
        parameters.stream().map(Class::getName).collect(Collectors.joining(",", name + "(", ")"));
    if (type.isRecord()) {
      List<RecordComponent> components = List.of(type.getRecordComponents());
      if (name.equals("new")) {
        return parameters.equals(components.stream().map(RecordComponent::getType).toList());
      }
      if (components.stream().anyMatch(each -> each.getAccessor().equals(member))) {
        return true;
      }
    }
    return OF_EVERY_OBJECT.contains(call)
        || (type.isEnum() && (call.equals("values()") || call.equals("valueOf(java.lang.String)")));
  }

  private void line(Class<?> type, String rest) {
    String line = LEFT_OUT.matcher(type.getTypeName() + rest).replaceAll("").strip();
    lines.add(line.endsWith(" :") ? line.substring(0, line.length() - 2) : line);
  }

  // ---- text ----

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & SHOWN & ~Modifier.PUBLIC);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String head(Class<?> type) {
    StringBuilder head = new StringBuilder(modifiers(type.getModifiers() & ~Modifier.INTERFACE));
    if (type.isSealed()) {
      head.append("sealed ");
    }
    head.append(kind(type)).append(variables(type.getTypeParameters()));
    if (type.isRecord()) {
      head.append(components(type));
    }
    AnnotatedType above = type.getAnnotatedSuperclass();
    if (above != null && kind(type).equals("class") && above.getType() != Object.class) {
      head.append(" extends ").append(text(above));
    }
    if (type.getAnnotatedInterfaces().length > 0) {
      head.append(" is ").append(texts(type.getAnnotatedInterfaces(), " & "));
    }
    if (type.isSealed()) {
      head.append(" permits ")
          .append(
              Arrays.stream(type.getPermittedSubclasses())
                  .map(Class::getTypeName)
                  .sorted() // the order in a class file depends on what was compiled with it
                  .collect(Collectors.joining(", ")));
    }
    return head.toString();
  }

  private static String kind(Class<?> type) {
    if (type.isRecord()) {
      return "record";
    }
    return type.isInterface() ? "interface" : type.isEnum() ? "enum" : "class";
  }

  private static String components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(Signatures::component)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String component(RecordComponent component) {
    return text(component.getAnnotatedType()) + " " + component.getName();
  }

  private static String call(Executable call) {
    String thrown = texts(call.getAnnotatedExceptionTypes(), ", ");
    return variables(call.getTypeParameters())
        + "("
        + texts(call.getAnnotatedParameterTypes(), ", ")
        + ")"
        + (call.isVarArgs() ? " varargs" : "")
        + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(each -> each.getName() + bounds(" extends ", each.getAnnotatedBounds()))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String bounds(String word, AnnotatedType[] bounds) {
    String text = texts(bounds, " & ");
    return text.equals("java.lang.Object") ? "" : word + text;
  }

  private static String texts(AnnotatedType[] types, String between) {
    return Arrays.stream(types).map(Signatures::text).collect(Collectors.joining(between));
  }

  private static String text(AnnotatedType type) {
    String mark = type.isAnnotationPresent(Nullable.class) ? "?" : "";
    if (type instanceof AnnotatedArrayType array) {
      return text(array.getAnnotatedGenericComponentType()) + "[]" + mark;
    }
    if (type instanceof AnnotatedParameterizedType generic) {
      String raw = generic.getType().getTypeName();
      String arguments = texts(generic.getAnnotatedActualTypeArguments(), ", ");
      return raw.substring(0, raw.indexOf('<')) + "<" + arguments + ">" + mark;
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      return ((WildcardType) wildcard.getType()).getLowerBounds().length > 0
          ? "*" + bounds(" super ", wildcard.getAnnotatedLowerBounds())
          : "*" + bounds(" extends ", wildcard.getAnnotatedUpperBounds());
    }
    return type.getType().getTypeName() + mark;
  }
}
