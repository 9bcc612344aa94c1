package dev.stowage.engine.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A stage of a facade's work in Flight Recorder. */
@Name("dev.stowage.Stage")
@Label("Stage")
@Category("Stowage")
@Description("A stage of the work of a facade")
@StackTrace(false)
@Threshold("1 ms")
final class StageEvent extends Event {
  @Label("Stage")
  String stage = "";

  @Label("Kind")
  String kind = "";

  @Label("Answer")
  String answer = "";

  @Label("Tick")
  long tick;
}
