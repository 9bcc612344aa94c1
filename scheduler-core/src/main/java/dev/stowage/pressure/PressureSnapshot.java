package dev.stowage.pressure;

import dev.stowage.shape.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The strain on one machine at {@code measuredAtNanos}, each component 0 to 1. {@link #reading}
 * reads a component that is NaN, infinite or out of range as 1.0, full strain.
 */
public record PressureSnapshot(
    double network, double disk, double cpu, double memory, long measuredAtNanos) {
  /** The shape of a snapshot. */
  static final Shape<PressureSnapshot> SHAPE = Shape.derived("pressure", PressureSnapshot.class);

  /** A snapshot without strain, measured at time 0. */
  public static final PressureSnapshot NONE = new PressureSnapshot(0, 0, 0, 0, 0);

  /** Returns the component, or 1.0 if it is implausible. */
  public double reading(Resource resource) {
    double value = raw(resource);
    return isReading(value) ? value + 0.0 : 1.0;
  }

  /** Returns the greatest of the four readings, 0 to 1. */
  public double maxPressure() {
    return reading(mostStrained());
  }

  /** Returns the resource with the greatest reading, the first of those that are equal. */
  public Resource mostStrained() {
    Resource most = Resource.NETWORK;
    for (Resource each : Resource.values()) {
      most = reading(each) > reading(most) ? each : most;
    }
    return most;
  }

  /** Returns the resources with an implausible component. */
  public Set<Resource> suspect() {
    EnumSet<Resource> suspects = EnumSet.noneOf(Resource.class);
    for (Resource resource : Resource.values()) {
      if (!isReading(raw(resource))) {
        suspects.add(resource);
      }
    }
    return suspects;
  }

  /** Returns a sentence for each {@link #suspect} resource. */
  public List<String> complaints() {
    return suspect().stream()
        .map(it -> it + " is " + raw(it) + "; 0 to 1 are accepted, it counts as 1")
        .toList();
  }

  /** Returns the component as the host passed it. */
  public double raw(Resource resource) {
    return switch (resource) {
      case NETWORK -> network;
      case DISK -> disk;
      case CPU -> cpu;
      case MEMORY -> memory;
    };
  }

  private static boolean isReading(double value) {
    return value >= 0.0 && value <= 1.0;
  }

  /** A level of pressure, from the best to the worst; callers define what each level holds back. */
  public enum PressureBand {
    /** Nothing is held back. */
    NORMAL,
    /** Deferrable work waits, and small work goes before large. */
    ELEVATED,
    /** Only work that keeps the system running proceeds. */
    HIGH,
    /** Only work that leads out of this band proceeds. */
    CRITICAL;

    /** Reports whether this band is {@code other} or worse. */
    public boolean atLeast(PressureBand other) {
      return compareTo(other) >= 0;
    }

    /** Returns the worse of the two bands. */
    public PressureBand orWorse(PressureBand other) {
      return atLeast(other) ? this : other;
    }
  }

  /** A resource under strain, in the order of a snapshot's components. */
  public enum Resource {
    /** Share of the network's throughput in use. */
    NETWORK,
    /** Share of the disk's throughput in use. */
    DISK,
    /** Share of the processors in use. */
    CPU,
    /** Share of the memory in use. */
    MEMORY
  }
}
