package dev.stowage.house;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.StackFrame;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.connect.VMStartException;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one call of the facade goes through, seen by a debugger that is told of every method that is
 * entered in a machine of its own. The code that is looked at is the code that ships.
 *
 * @param call the method of the facade
 * @param rule the simple name of the class that decides
 * @param way the frames from the facade to the rule, that of the facade first, that of the rule
 *     left out; a frame that the JVM puts in for a lambda is none
 * @param types the top-level types of ours of which a method or a constructor was entered
 * @param entries how many methods and constructors of ours were entered
 */
record CallTrace(
    String call, String rule, List<String> way, NavigableSet<String> types, long entries) {

  /** The calls of {@link FacadeCalls}: how the mark before each is called, and who decides. */
  private static final Map<String, CallTrace> LOOKED_AT =
      Map.of(
          "markSchedule", begun("schedule", "SchedulingCycle"),
          "markApplied", begun("applied", "Reports"));

  private static CallTrace begun(String call, String rule) {
    return new CallTrace(call, rule, List.of(), new TreeSet<>(), 0);
  }

  /** Runs {@link FacadeCalls} on the class path of this test, and looks. */
  static List<CallTrace> all() {
    try {
      VirtualMachine machine = launch();
      Watch watch = new Watch(machine);
      try {
        while (watch.look(machine.eventQueue().remove())) {
          // until the machine ends
        }
      } catch (VMDisconnectedException e) {
        // it has ended
      }
      if (watch.seen.size() < LOOKED_AT.size()) {
        try (var errors = machine.process().errorReader()) {
          throw new IllegalStateException(String.join("\n", errors.lines().toList()));
        }
      }
      return watch.seen;
    } catch (IOException
        | InterruptedException
        | IllegalConnectorArgumentsException
        | IncompatibleThreadStateException
        | VMStartException e) {
      throw new IllegalStateException("cannot look at " + FacadeCalls.class.getName(), e);
    }
  }

  private static VirtualMachine launch()
      throws IOException, IllegalConnectorArgumentsException, VMStartException {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("main").setValue(FacadeCalls.class.getName());
    arguments.get("options").setValue("-cp \"" + System.getProperty("java.class.path") + "\"");
    return connector.launch(arguments);
  }

  /** Follows one run. Only marks and the first method of a rule stop it. */
  private static final class Watch {
    private final VirtualMachine machine;
    private final List<CallTrace> seen = new ArrayList<>();
    private final MethodEntryRequest marks;
    private final MethodEntryRequest entered;
    private @Nullable MethodEntryRequest decided;
    private CallTrace current = begun("", "");
    private long entries;

    Watch(VirtualMachine machine) {
      this.machine = machine;
      marks = request(FacadeCalls.class.getName(), EventRequest.SUSPEND_EVENT_THREAD);
      entered = request("dev.stowage.*", EventRequest.SUSPEND_NONE);
      entered.addClassExclusionFilter("dev.stowage.house.*");
      marks.enable();
    }

    /** Whether there is more to come. */
    boolean look(EventSet events) throws IncompatibleThreadStateException {
      boolean isOver = false;
      for (Event event : events) {
        isOver |= event instanceof VMDisconnectEvent;
        if (event instanceof MethodEntryEvent entry) {
          look(entry);
        }
      }
      events.resume();
      return !isOver;
    }

    private void look(MethodEntryEvent entry) throws IncompatibleThreadStateException {
      if (entry.request().equals(marks)) {
        mark(entry.method().name());
      } else if (entry.request().equals(entered)) {
        entries++;
        current.types().add(FloorPlan.topLevel(entry.method().declaringType().name()));
      } else if (current.way().isEmpty() && !entry.method().isConstructor()) {
        current =
            new CallTrace(
                current.call(), current.rule(), way(entry.thread().frames()), current.types(), 0);
      }
    }

    private void mark(String name) {
      if (LOOKED_AT.containsKey(name)) {
        current = LOOKED_AT.get(name);
        entries = 0;
        entered.enable();
        decided = request("*." + current.rule(), EventRequest.SUSPEND_EVENT_THREAD);
        decided.enable();
      } else if (name.equals("markEnd")) {
        entered.disable();
        machine.eventRequestManager().deleteEventRequest(decided);
        seen.add(
            new CallTrace(current.call(), current.rule(), current.way(), current.types(), entries));
      }
    }

    private static List<String> way(List<StackFrame> fromTheRule) {
      List<String> way = new ArrayList<>();
      for (StackFrame frame : fromTheRule) {
        String type = frame.location().declaringType().name();
        if (type.equals(FacadeCalls.class.getName())) {
          break;
        }
        if (!type.contains("$$Lambda")) {
          way.add(0, FloorPlan.topLevel(type) + "." + frame.location().method().name());
        }
      }
      return way.subList(0, way.size() - 1);
    }

    private MethodEntryRequest request(String types, int suspends) {
      MethodEntryRequest request = machine.eventRequestManager().createMethodEntryRequest();
      request.addClassFilter(types);
      request.setSuspendPolicy(suspends);
      return request;
    }
  }
}
