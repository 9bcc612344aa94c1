package dev.stowage.benchmarks.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy that cuts the connection between a client and a server at a message: before the server
 * gets it, or after that, before the client gets the answer.
 */
final class CuttingProxy implements AutoCloseable {
  private static final int OFF = Integer.MAX_VALUE;

  private final ServerSocket door;
  private final int target;
  private final AtomicInteger messagesLeft = new AtomicInteger(OFF);
  private volatile boolean isAnswerCut;
  private volatile boolean isCut;

  CuttingProxy(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + door.getLocalPort() + "/postgres?user=postgres";
  }

  /** Cuts the connection at the message of this number from now on, counted from 1. */
  void cutAt(int message, boolean afterTheServerGotIt) {
    isCut = false;
    isAnswerCut = afterTheServerGotIt;
    messagesLeft.set(message);
  }

  /** Lets everything pass again; reports whether a connection was cut. */
  boolean heal() {
    messagesLeft.set(OFF);
    return isCut;
  }

  private void accept() {
    try {
      while (!door.isClosed()) {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        AtomicInteger answersCut = new AtomicInteger();
        daemon(() -> requests(client, server, answersCut));
        daemon(() -> answers(client, server, answersCut));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void requests(Socket client, Socket server, AtomicInteger answersCut) {
    byte[] buffer = new byte[1 << 16];
    try (client;
        server) {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        boolean isLast = messagesLeft.get() != OFF && messagesLeft.decrementAndGet() == 0;
        if (isLast) {
          messagesLeft.set(OFF);
          isCut = true;
          if (!isAnswerCut) {
            return;
          }
          answersCut.set(1);
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // Either side went; closing both is all there is to do.
      return;
    }
  }

  private void answers(Socket client, Socket server, AtomicInteger answersCut) {
    byte[] buffer = new byte[1 << 16];
    try (client;
        server) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (answersCut.get() > 0) {
          return;
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // Either side went; closing both is all there is to do.
      return;
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
