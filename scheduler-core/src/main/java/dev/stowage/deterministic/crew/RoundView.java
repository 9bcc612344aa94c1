package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The view that the tasks of one round, step or ordered run have, fixed while they run. */
public record RoundView(long round, long clock, State shared) {
  /** The shared state of the view. */
  public interface State {
    /** Returns a value, null if the name has none. */
    @Nullable Payload get(String name);

    /** Returns all values, sorted by name; the map never changes. */
    Map<String, Payload> all();
  }

  /** Creates a view of a state that never changes. */
  public RoundView(long round, long clock, Map<String, Payload> state) {
    this(
        round,
        clock,
        new State() {
          @Override
          public @Nullable Payload get(String name) {
            return state.get(name);
          }

          @Override
          public Map<String, Payload> all() {
            return state;
          }
        });
  }

  /** Returns all values of the shared state. */
  public Map<String, Payload> state() {
    return shared.all();
  }
}
