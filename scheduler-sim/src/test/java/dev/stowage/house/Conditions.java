package dev.stowage.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** The three forms of a rule: over each class, over each arrow, over all classes at once. */
final class Conditions {
  private Conditions() {}

  static ArchRule every(String what, Predicate<JavaClass> holds) {
    return ArchRuleDefinition.classes()
        .should(
            new ArchCondition<JavaClass>(what) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!holds.test(type)) {
                  events.add(SimpleConditionEvent.violated(type, type.getName() + " is not"));
                }
              }
            });
  }

  static ArchRule no(String what, BiPredicate<JavaClass, JavaClass> broken) {
    return ArchRuleDefinition.noClasses()
        .that(DescribedPredicate.alwaysTrue())
        .should(
            new ArchCondition<JavaClass>(what) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency arrow : type.getDirectDependenciesFromSelf()) {
                  if (broken.test(arrow.getOriginClass(), arrow.getTargetClass())) {
                    events.add(SimpleConditionEvent.satisfied(arrow, arrow.getDescription()));
                  }
                }
              }
            });
  }

  /** Each fault begins with the name of what is at fault. */
  static ArchRule all(String what, Function<Collection<JavaClass>, List<String>> faults) {
    return ArchRuleDefinition.classes()
        .should(
            new ArchCondition<JavaClass>(what) {
              private List<String> found = List.of();

              @Override
              public void init(Collection<JavaClass> types) {
                found = faults.apply(types);
              }

              @Override
              public void check(JavaClass type, ConditionEvents events) {}

              @Override
              public void finish(ConditionEvents events) {
                for (String fault : found) {
                  events.add(SimpleConditionEvent.violated(fault, fault));
                }
              }
            });
  }
}
