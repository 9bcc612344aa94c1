package dev.stowage.storage.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes bytes on to a server, until it is frozen: then it accepts everything and says nothing.
 * Cuts connections at a message.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile int target;
  private volatile boolean isFrozen;
  private volatile boolean isHolding;
  private final AtomicInteger messagesLeft = new AtomicInteger();
  private volatile boolean isCutBehind;

  /** Relays to a port of this machine. */
  Relay(int target) {
    this(0, target);
  }

  /** Listens at a port of this machine and relays to another one. */
  Relay(int at, int target) {
    this.target = target;
    try {
      listening = new ServerSocket(at, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Holds back every byte, of new connections too, until {@link #thaw}. */
  void freeze() {
    isFrozen = true;
  }

  /** Reports whether bytes were held back. */
  boolean isHolding() {
    return isHolding;
  }

  void thaw() {
    isFrozen = false;
  }

  /** Leads new connections to another port, and leaves the others without an answer for ever. */
  void moveTo(int other) {
    sockets.clear();
    target = other;
  }

  /**
   * Cuts the connection at a message to the server, counted from 1: before it passes, or behind.
   */
  void cutAt(int message, boolean isBehind) {
    isCutBehind = isBehind;
    messagesLeft.set(message);
  }

  /** Cuts nothing from now on; reports whether a connection was cut. */
  boolean heal() {
    return messagesLeft.getAndSet(0) < 0;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.addAll(List.of(client, server));
        start(() -> pass(client, server, true));
        start(() -> pass(server, client, false));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void pass(Socket from, Socket to, boolean isToServer) {
    byte[] bytes = new byte[8192];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        while (isFrozen || !sockets.contains(from)) {
          isHolding = true;
          if (listening.isClosed()) {
            return;
          }
          LockSupport.parkNanos(1_000_000);
        }
        boolean isLast =
            isToServer && messagesLeft.get() > 0 && messagesLeft.decrementAndGet() == 0;
        if (isLast) {
          messagesLeft.set(-1);
        }
        if (isLast && isCutBehind) {
          // The server gets the message, and nobody its answer.
          to.shutdownInput();
        }
        if (!isLast || isCutBehind) {
          out.write(bytes, 0, read);
          out.flush();
        }
        if (isLast) {
          return;
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket each : sockets) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
