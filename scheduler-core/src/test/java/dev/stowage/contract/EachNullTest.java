package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests that {@link EachNull} finds accepted nulls. */
class EachNullTest {
  /** Four ways to take a null. */
  public static final class Careless {
    /** Refuses it by its name. */
    public void names(String good) {
      Objects.requireNonNull(good, "good");
    }

    /** Takes it. */
    public void passes(String quiet) {}

    /** Refuses it by another name. */
    public void renames(String other) {
      Objects.requireNonNull(other, "something");
    }

    /** Looks at no element. */
    public void looksAtNone(List<String> all) {
      Objects.requireNonNull(all, "all");
    }
  }

  @Test
  void eachThatIsNotRefusedByItsName_isFound() {
    EachNull nulls =
        new EachNull(Map.of(String.class, "text")).tries(Careless.class, new Careless());
    assertThat(nulls.wrong())
        .containsExactlyInAnyOrder(
            "Careless.passes with null for quiet answered null",
            "Careless.renames with null for other threw java.lang.NullPointerException: something",
            "Careless.looksAtNone with null for all[0] answered null");
    assertThat(nulls.tried()).hasSize(5);
  }
}
