package io.sluice.schema.admin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A page of the admin port; called by many threads at a time. */
@FunctionalInterface
public interface AdminPage {

  /**
   * Judges a request by its head, before its body is read. Must not wait.
   *
   * @return the answer, after which the connection is closed; null: nothing stands in the way
   */
  default @Nullable AdminAnswer refusal(AdminRequest request) {
    return null;
  }

  /**
   * Answers, on one of the few admin threads, which it may keep for some seconds.
   *
   * @throws IOException it cannot: the client is told 500, the log why
   */
  AdminAnswer answer(AdminRequest request) throws IOException;
}
