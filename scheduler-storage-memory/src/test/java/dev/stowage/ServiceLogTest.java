package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** What a service writes into the log of its host. */
class ServiceLogTest {
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final Stowage stowage =
      Stowage.builder(MemoryChunkStore.create())
          .config(StowageConfig.defaults().withHolder("me"))
          .build();

  @AfterEach
  void stop() {
    executor.shutdownNow();
    stowage.close();
  }

  private static final class Lines extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines = new ArrayList<>();
    private boolean isBroken;

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        @Nullable Marker marker,
        String pattern,
        Object @Nullable [] arguments,
        @Nullable Throwable failure) {
      if (isBroken) {
        throw new IllegalStateException("the disk of the log is full");
      }
      lines.add(
          level
              + " "
              + MessageFormatter.basicArrayFormat(pattern, arguments)
              + (failure == null ? "" : " with its trace"));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return true;
    }

    @Override
    public boolean isWarnEnabled() {
      return true;
    }

    @Override
    public boolean isErrorEnabled() {
      return true;
    }
  }

  private StowageService service(LongSupplier clock, Lines log) {
    return new StowageService(stowage, executor, clock, StowageService.Pace.DEFAULT, log);
  }

  @Test
  void everyFailedTurn_isLogged_andEveryOtherState() {
    boolean[] broken = {true};
    Lines log = new Lines();
    StowageService service =
        service(
            () -> {
              if (broken[0]) {
                throw new StackOverflowError("deep");
              }
              return 0;
            },
            log);
    service.turn();
    service.turn();
    broken[0] = false;
    service.turn();
    service.turn();
    service.close();
    String failed = "the last turn failed: java.lang.StackOverflowError: deep";
    assertThat(log.lines)
        .containsExactly(
            "WARN " + failed + " with its trace",
            "WARN again, " + failed,
            "INFO LEADING: leads as me",
            "INFO STOPPED: closed");
  }

  @Test
  void timeThatStandsStill_isLoggedOnce_andThatItGoesOn() {
    long second = StowageConfig.defaults().tickLength().toNanos();
    long patience = StowageConfig.defaults().fleet().suspectAfterTicks();
    long[] tick = {10 * patience};
    Lines log = new Lines();
    StowageService service = service(() -> tick[0] * second, log);
    service.turn();
    for (long at = 0; at <= patience + 5; at++) {
      tick[0] = at;
      assertThat(service.turn()).isTrue();
    }
    tick[0] = 10 * patience;
    service.turn();
    assertThat(log.lines)
        .containsExactly(
            "INFO LEADING: leads as me",
            "WARN time stands still: cycles are called at tick "
                + patience
                + ", "
                + 9 * patience
                + " ticks before the largest that any cycle has seen; mend the clock, or call"
                + " resetTime",
            "INFO LEADING: leads as me");
  }

  @Test
  void logThatFails_stopsNothing() {
    Lines log = new Lines();
    log.isBroken = true;
    StowageService service = service(() -> 0, log);
    assertThat(service.turn()).isTrue();
    assertThat(service.state()).isEqualTo(StowageService.State.LEADING);
  }
}
