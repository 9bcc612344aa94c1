package dev.stowage.deterministic.crew;

import dev.stowage.columns.Utf8Order;
import dev.stowage.deterministic.Payload;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shared state, written by the driver only. A write copies all of it if a {@link #view} was
 * taken since the last copy; a step whose task reads by name takes none.
 */
public final class SharedState implements RoundView.State {
  private static final int LONGEST_NAME = 512;

  private final int capacity;
  private TreeMap<String, Payload> values = new TreeMap<>();
  private Map<String, Payload> view = Collections.unmodifiableMap(values);
  private boolean seen;

  SharedState(int capacity) {
    this.capacity = capacity;
  }

  public static void requireName(String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "state name has "
              + name.length()
              + " characters; 1 to "
              + LONGEST_NAME
              + " are accepted");
    }
    if (!Utf8Order.isWellFormed(name)) {
      throw new IllegalArgumentException("state name holds an unpaired surrogate");
    }
  }

  enum Outcome {
    APPLIED,
    FULL
  }

  Outcome outcomeFor(String name) {
    return values.size() < capacity || values.containsKey(name) ? Outcome.APPLIED : Outcome.FULL;
  }

  void write(String name, Payload value) {
    if (seen) {
      values = new TreeMap<>(values);
      view = Collections.unmodifiableMap(values);
      seen = false;
    }
    values.put(name, value);
  }

  @Override
  public @Nullable Payload get(String name) {
    return values.get(name);
  }

  @Override
  public Map<String, Payload> all() {
    return view();
  }

  /** Returns a map sorted by name in UTF-16 order that never changes. */
  public Map<String, Payload> view() {
    seen = true;
    return view;
  }
}
