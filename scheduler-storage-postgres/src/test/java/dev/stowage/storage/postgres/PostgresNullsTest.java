package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.contract.NullsContract;
import dev.stowage.contract.StoreFixture;
import dev.stowage.store.ChunkStore;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nulls on the PostgreSQL backend. */
@Tag("deep")
class PostgresNullsTest extends NullsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }

  @Override
  protected Class<? extends ChunkStore> storeType() {
    return PostgresChunkStore.class;
  }

  @Test
  @SuppressWarnings("NullAway") // nulls are what it is about
  void nullOfTheBuilder_isNamed() {
    Map<String, ThrowingCallable> set = new TreeMap<>();
    set.put("source", () -> PostgresChunkStore.builder((DataSource) null));
    set.put("jdbcUrl", () -> PostgresChunkStore.builder(null, "user", ""));
    set.put("user", () -> PostgresChunkStore.builder("jdbc:postgresql:x", null, ""));
    set.put("password", () -> PostgresChunkStore.builder("jdbc:postgresql:x", "user", null));
    PostgresChunkStore.Builder builder = PostgresChunkStore.builder("jdbc:postgresql:x", "u", "");
    set.put("schema", () -> builder.schema(null));
    set.put("setup", () -> builder.setup(null));
    set.put("trustedClock", () -> builder.trustedClock(null));
    set.put("timeouts", () -> builder.timeouts(null));
    set.put("lineageTokens", () -> builder.lineageTokens(null));
    set.forEach((name, call) ->
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name));
  }
}
