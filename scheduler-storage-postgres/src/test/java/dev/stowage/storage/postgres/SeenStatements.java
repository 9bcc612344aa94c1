package dev.stowage.storage.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Notes the statements that go through a source, and tells the rights on tables that they use. */
final class SeenStatements {
  /** Names of the schema's objects are marked by a commercial at. */
  private static final Pattern UPSERT =
      Pattern.compile("INSERT INTO @(\\w+)(?:(?!INSERT INTO).)*?ON CONFLICT [^;]*?DO UPDATE");

  private static final Pattern INSERTED = Pattern.compile("INSERT INTO @(\\w+)");
  private static final Pattern UPDATED = Pattern.compile("UPDATE @(\\w+)");
  private static final Pattern DELETED = Pattern.compile("DELETE FROM @(\\w+)");
  private static final Pattern LOCKED_ROWS = Pattern.compile("FROM @(\\w+).*FOR NO KEY UPDATE");
  private static final Pattern LOCKED = Pattern.compile("LOCK TABLE (.*) IN (.*) MODE");
  private static final Pattern SET = Pattern.compile("setval\\('@(\\w+)'");
  private static final Pattern READ =
      Pattern.compile("(?<!INSERT INTO |DELETE FROM |UPDATE |setval\\(')@(\\w+)");

  private final Set<String> statements = new ConcurrentSkipListSet<>();

  DataSource over(DataSource source) {
    return (DataSource) proxy(DataSource.class, source);
  }

  private Object proxy(Class<?> type, Object target) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (self, method, values) -> call(target, method, values));
  }

  private Object call(Object target, Method method, Object[] values) throws Throwable {
    if (values != null
        && values.length > 0
        && values[0] instanceof String sql
        && (method.getName().startsWith("prepare") || method.getName().startsWith("execute"))) {
      statements.add(sql);
    }
    try {
      Object answer = method.invoke(target, values);
      if (answer instanceof Connection && method.getName().equals("getConnection")) {
        return proxy(Connection.class, answer);
      }
      return method.getName().equals("createStatement") ? proxy(Statement.class, answer) : answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Returns rights in the form "INSERT news". */
  Set<String> rights(String schema) {
    Set<String> rights = new TreeSet<>();
    for (String statement : statements) {
      for (String each : statement.replace('"' + schema + "\".", "@").split(";")) {
        note(each, rights);
      }
    }
    return rights;
  }

  private static void note(String sql, Set<String> rights) {
    Matcher locked = LOCKED.matcher(sql);
    if (locked.find()) {
      for (String table : locked.group(1).split(", ")) {
        String right = locked.group(2).equals("ROW EXCLUSIVE") ? "INSERT" : "UPDATE";
        rights.add(right + " " + table.substring(1));
      }
      return;
    }
    each("INSERT", INSERTED, sql, rights);
    each("UPDATE", UPDATED, sql, rights);
    each("DELETE", DELETED, sql, rights);
    each("UPDATE", UPSERT, sql, rights);
    each("UPDATE", LOCKED_ROWS, sql, rights);
    each("UPDATE", SET, sql, rights);
    each("SELECT", READ, sql, rights);
  }

  private static void each(String right, Pattern pattern, String sql, Set<String> rights) {
    Matcher found = pattern.matcher(sql);
    while (found.find()) {
      rights.add(right + " " + found.group(1));
    }
  }
}
