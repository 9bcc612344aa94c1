package dev.stowage.engine.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An event of note in Flight Recorder, with the line that the log gets. */
@Name("dev.stowage.Note")
@Label("Event of note")
@Category("Stowage")
@Description("A line that a facade writes to its event log")
@StackTrace(false)
final class NoteEvent extends Event {
  @Label("Event")
  String event = "";

  @Label("Line")
  String line = "";
}
