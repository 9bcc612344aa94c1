package dev.stowage.engine.flight;

import dev.stowage.StowageStats.StageTimes.Stage;

/** A stage of a facade's work from its begin to its end. */
public final class Span {
  private final Stage stage;
  private final StageEvent event = new StageEvent();
  private final long since;

  private Span(Stage stage) {
    this.stage = stage;
    event.begin();
    since = Stopwatch.nanos();
  }

  public static Span begin(Stage stage) {
    return new Span(stage);
  }

  public Stage stage() {
    return stage;
  }

  public long tick() {
    return event.tick;
  }

  public Span of(String kind, long tick) {
    event.kind = kind;
    event.tick = tick;
    return this;
  }

  public void answered(String code) {
    event.answer = code;
  }

  public long end() {
    long nanos = Stopwatch.nanos() - since;
    event.stage = stage.name();
    event.commit();
    return nanos;
  }

  public static void note(String name, String line) {
    NoteEvent note = new NoteEvent();
    note.event = name;
    note.line = line;
    note.commit();
  }
}
