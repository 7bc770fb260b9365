#!/usr/bin/env python3
"""Answers every request of this machine in one way; prints its port.

usage: listener.py STATUS BODY [CERTIFICATE KEY]     with a certificate: over TLS
A CONNECT, as proxies get it, is answered with STATUS too. LISTENER_CLOCK: seconds that its clock is ahead.
"""
import http.server
import os
import ssl
import sys
import time


def main():
    status, body = int(sys.argv[1]), sys.argv[2].encode()
    ahead = int(os.environ.get("LISTENER_CLOCK", "0"))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("content-length", 0)))
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_CONNECT = do_POST

        def date_time_string(self, timestamp=None):
            return super().date_time_string(time.time() + ahead)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
