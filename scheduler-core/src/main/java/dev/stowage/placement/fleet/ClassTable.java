package dev.stowage.placement.fleet;

import java.util.ArrayList;
import java.util.List;

/** The weight classes of an index, numbered in order of first appearance. */
public final class ClassTable {
  public final List<WeightClass> classes = new ArrayList<>();
  private final ClassIndex numbers = new ClassIndex();

  /** Returns the number of a class, new ones included; a cap below the floor counts as it. */
  public int number(int eligibility, int weight, int floor, int given) {
    int cap = Math.max(floor, given);
    int known = numbers.of(eligibility, weight, floor, cap);
    if (known == classes.size()) {
      classes.add(new WeightClass(eligibility, weight, floor, cap));
    }
    return known;
  }

  public void admit(int number, long size) {
    WeightClass of = classes.get(number);
    of.bytes.add(size);
    of.chunks++;
  }

  public void dismiss(int number, long size) {
    WeightClass of = classes.get(number);
    of.bytes.subtractProduct(size, 1);
    of.chunks--;
  }
}
