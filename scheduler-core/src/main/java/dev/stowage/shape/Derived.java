package dev.stowage.shape;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Derives fields from the components of a record, and the constructor of its rows. Getters are
 * bound as method references are, so that they cost what handwritten ones do.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // reflection tells the type of each component
final class Derived<T> {
  private static final Map<Class<?>, Form<?>> FORMS =
      Map.of(
          String.class, Forms.TEXT,
          Integer.class, Forms.INT,
          Long.class, Forms.number(Long::valueOf, Long::longValue),
          OptionalInt.class, Forms.OPTIONAL_INT,
          OptionalLong.class, Forms.OPTIONAL_LONG,
          byte[].class, Forms.BYTES);
  private static final Map<Class<?>, Object> EMPTY =
      Map.of(
          String.class, "",
          List.class, List.of(),
          Set.class, Set.of(),
          Map.class, Map.of(),
          Optional.class, Optional.empty(),
          OptionalInt.class, OptionalInt.empty(),
          OptionalLong.class, OptionalLong.empty());

  private final Class<?> type;
  private final MethodHandles.Lookup within;
  private final List<Object> parts = new ArrayList<>();

  /** Adds the fields of a record that {@code outer} finds in a row to a builder. */
  Derived(Class<?> type, Shape.Builder<T> into, @Nullable Function<T, Object> outer) {
    this.type = type;
    try {
      within = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(type + " is closed to the shapes", e);
    }
    for (RecordComponent each : type.getRecordComponents()) {
      parts.add(part(each, into, outer));
    }
  }

  private Object part(
      RecordComponent each, Shape.Builder<T> into, @Nullable Function<T, Object> outer) {
    Declare declared = each.getAnnotation(Declare.class);
    Class<?> of = each.getType();
    if (declared != null && declared.flat()) {
      Function<Object, Object> get = getter(each, Function.class, "apply", Object.class);
      return new Derived<>(of, into, outer == null ? (Function) get : outer.andThen(get));
    }
    String name = name(each, declared);
    boolean isFormed = declared != null && !declared.form().isEmpty();
    Field<T, ?> field;
    if (isFormed || !of.isPrimitive()) {
      Form<Object> form =
          isFormed
              ? (Form) new Declared(declared.form()).get(declared.forms())
              : (Form) formOf(each.getGenericType());
      Function<Object, Object> get = getter(each, Function.class, "apply", Object.class);
      field = into.value(name, outer == null ? get : row -> get.apply(outer.apply(row)), form);
    } else if (of == boolean.class) {
      Predicate<Object> get = getter(each, Predicate.class, "test", boolean.class);
      field = into.flag(name, outer == null ? get : row -> get.test(outer.apply(row)));
    } else if (of == double.class) {
      ToDoubleFunction<Object> get =
          getter(each, ToDoubleFunction.class, "applyAsDouble", double.class);
      field = into.real(name, outer == null ? get : row -> get.applyAsDouble(outer.apply(row)));
    } else {
      ToLongFunction<Object> get = getter(each, ToLongFunction.class, "applyAsLong", long.class);
      NumberField<T> number =
          into.number(name, outer == null ? get : row -> get.applyAsLong(outer.apply(row)));
      field = of == int.class ? number.narrow() : number;
    }
    if (declared != null) {
      declare(field, of, declared);
    }
    Means means = each.getAnnotation(Means.class);
    return means == null ? field : field.means(means.value());
  }

  private static String name(RecordComponent of, @Nullable Declare declared) {
    if (declared != null && !declared.name().isEmpty()) {
      return declared.name();
    }
    String name = of.getName();
    boolean isFlag = of.getType() == boolean.class && name.matches("is[A-Z].*");
    return (isFlag ? name.substring(2, 3).toLowerCase(Locale.ROOT) + name.substring(3) : name)
        .replaceAll("([A-Z])", "_$1")
        .toLowerCase(Locale.ROOT);
  }

  private static void declare(Field<?, ?> field, Class<?> of, Declare as) {
    if (as.mark()) {
      field.mark();
    }
    if (as.subject()) {
      field.subject();
    }
    if (field instanceof NumberField<?> number) {
      number.between(as.least(), as.most());
      if (as.unsigned()) {
        number.unsigned();
      }
      for (int word = 0; word < as.word().length; word++) {
        number.word((as.at().length == 0 ? as.orElse() : as.at())[word], as.word()[word]);
      }
      if (as.orElse().length > 0) {
        number.orElse(as.orElse()[0]);
      }
    } else if (field instanceof ValueField<?, ?>) {
      ValueField<?, Object> value = (ValueField<?, Object>) field;
      if (!as.unit().isEmpty()) {
        value.atMost(as.most(), as.unit(), Derived::size);
      }
      if (as.orNone()) {
        value.orNone();
      } else if (as.orEmpty()) {
        value.orElse(Objects.requireNonNull(EMPTY.get(of), "nothing is empty"));
      } else if (!as.or().isEmpty()) {
        value.orElse(new Declared(as.or()).get(of));
      }
    }
  }

  private static long size(Object value) {
    return value instanceof Collection<?> all
        ? all.size()
        : value instanceof byte[] bytes ? bytes.length : ((String) value).length();
  }

  private static Form<?> formOf(Type type) {
    if (type instanceof ParameterizedType of) {
      Type[] inner = of.getActualTypeArguments();
      Class<?> raw = (Class<?>) of.getRawType();
      if (raw == Set.class) {
        return Forms.setOf((Class) inner[0]);
      }
      Form<?> element = formOf(inner[inner.length - 1]);
      return raw == List.class
          ? Forms.list(element)
          : raw == Map.class ? Forms.map(element) : Forms.optional(element);
    }
    Class<?> of = (Class<?>) type;
    return of.isEnum()
        ? Forms.oneOf((Class) of)
        : FORMS.containsKey(of) ? FORMS.get(of) : Forms.declaredBy(of);
  }

  private <F> F getter(RecordComponent of, Class<F> as, String method, Class<?> result) {
    try {
      MethodHandle get = within.unreflect(of.getAccessor());
      MethodType typed =
          result.isPrimitive() ? get.type().changeReturnType(result) : get.type().wrap();
      return (F)
          LambdaMetafactory.metafactory(
                  within,
                  method,
                  MethodType.methodType(as),
                  MethodType.methodType(result, Object.class),
                  get,
                  typed)
              .getTarget()
              .invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("no getter of " + of, e);
    }
  }

  /** Returns the constructor of rows, once all fields are declared. */
  Function<Values, T> constructor() {
    MethodHandle make = make().asType(MethodType.methodType(Object.class, Values.class));
    return values -> {
      try {
        return (T) (Object) make.invokeExact(values);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private MethodHandle make() {
    try {
      RecordComponent[] components = type.getRecordComponents();
      MethodType canonical = MethodType.methodType(void.class);
      for (RecordComponent each : components) {
        canonical = canonical.appendParameterTypes(each.getType());
      }
      MethodHandle[] readers = new MethodHandle[components.length];
      for (int at = 0; at < readers.length; at++) {
        MethodHandle reader = parts.get(at) instanceof Derived<?> flat ? flat.make() : reader(at);
        MethodType typed = MethodType.methodType(components[at].getType(), Values.class);
        readers[at] = MethodHandles.explicitCastArguments(reader, typed);
      }
      MethodHandle make = within.findConstructor(type, canonical);
      return MethodHandles.permuteArguments(
          MethodHandles.filterArguments(make, 0, readers),
          MethodType.methodType(type, Values.class),
          new int[readers.length]);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no constructor of " + type, e);
    }
  }

  private MethodHandle reader(int at) throws ReflectiveOperationException {
    Object field = parts.get(at);
    String method =
        field instanceof NumberField<?> number && number.isReal()
            ? "realOf"
            : field instanceof ValueField<?, ?> value && value.isNullable() ? "orNull" : "of";
    Class<?> read =
        field instanceof FlagField<?>
            ? boolean.class
            : field instanceof ValueField<?, ?>
                ? Object.class
                : method.equals("realOf") ? double.class : long.class;
    MethodType typed = MethodType.methodType(read, Values.class);
    return MethodHandles.lookup().findVirtual(field.getClass(), method, typed).bindTo(field);
  }
}
