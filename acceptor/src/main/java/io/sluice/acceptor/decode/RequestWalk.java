package io.sluice.acceptor.decode;

import io.sluice.acceptor.decode.CommonTags.Request;
import io.sluice.acceptor.decode.CommonTags.ResourceGroup;
import io.sluice.acceptor.decode.CommonTags.ScopeGroup;

/**
 * Export{Trace,Logs,Metrics,Profiles}ServiceRequest down to its records: the same shape in all
 * signals.
 */
final class RequestWalk {

  private final ProtoReader in;
  private final GroupDecoder groups;
  private final Parts parts;

  RequestWalk(ProtoReader in, GroupDecoder groups, Parts parts) {
    this.in = in;
    this.groups = groups;
    this.parts = parts;
  }

  /**
   * Reads the request that the reader is at the start of.
   *
   * @param rejected true if what all records need was nested too deep
   */
  void request(RecordDecoder records, boolean rejected) {
    while (in.next()) {
      if (in.tag == Request.RESOURCE_GROUPS) {
        int outer = in.enter();
        resourceGroup(rejected, records);
        in.leave(outer);
      } else {
        if (in.tag == Request.LABEL) {
          parts.labelled();
        }
        in.skip();
      }
    }
  }

  private void resourceGroup(boolean requestRejected, RecordDecoder records) {
    int from = in.pos;
    int to = in.end;
    boolean rejected = !groups.resource(from, to) || requestRejected;
    in.at(from, to);
    boolean empty = true;
    while (in.next()) {
      if (in.tag == ResourceGroup.SCOPE_GROUPS) {
        int outer = in.enter();
        scopeGroup(rejected, records);
        in.leave(outer);
        empty = false;
      } else {
        in.pass();
      }
    }
    if (empty) {
      parts.empty();
    }
    parts.endResource();
  }

  private void scopeGroup(boolean resourceRejected, RecordDecoder records) {
    int from = in.pos;
    int to = in.end;
    boolean rejected = !groups.scope(from, to) || resourceRejected;
    in.at(from, to);
    boolean empty = true;
    while (in.next()) {
      if (in.tag == ScopeGroup.RECORDS) {
        int outer = in.enter();
        records.record(rejected);
        in.leave(outer);
        empty = false;
      } else {
        in.pass();
      }
    }
    if (empty) {
      parts.empty();
    }
    parts.endScope();
  }
}
