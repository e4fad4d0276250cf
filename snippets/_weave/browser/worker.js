/* A worker with Python in it, for code that a reader has written.

   It is a text in front of which stands MicroPython's own script. What it is sent first
   are the program and the files; from then on, jobs for judge.py. It forgets the world
   before it runs anything: neither the page nor the network can be reached from here. */
(() => {
  const HEAP = 64 * 1024 * 1024;
  const STACK = 64 * 1024;
  const MOST_MEMORY = 8 * HEAP; // when the heap is full, MicroPython asks for another
  const MOST = 10000; // characters of what a program prints
  const WORLD =
    "fetch XMLHttpRequest WebSocket WebSocketStream WebTransport EventSource Worker " +
    "SharedWorker BroadcastChannel importScripts indexedDB caches navigator Cache " +
    "CacheStorage FileReaderSync RTCPeerConnection";
  let python;
  let printed = 0;

  function print(line) {
    if (printed < MOST) postMessage({ print: line.slice(0, MOST - printed) });
    printed += line.length + 1;
  }

  function forget() {
    for (let one = self; one; one = Object.getPrototypeOf(one)) {
      for (const name of WORLD.split(" ")) delete one[name];
    }
  }

  /* What is refused, MicroPython says by a MemoryError, and its program in the console. */
  function limit() {
    const { prototype } = WebAssembly.Memory;
    const { grow } = prototype;
    prototype.grow = function (pages) {
      const size = this.buffer.byteLength + 65536 * pages;
      if (size > MOST_MEMORY) throw new RangeError("no more memory");
      return grow.call(this, pages);
    };
    console.error = () => {};
  }

  async function start({ program, files }) {
    self.fetch = async () =>
      new Response(program, {
        headers: { "Content-Type": "application/wasm" },
      });
    limit();
    python = await self.loadMicroPython({
      url: "micropython.wasm",
      stdout: print,
      stderr: print,
      heapsize: HEAP,
      pystack: STACK,
    });
    for (const [name, text] of Object.entries(files)) {
      const parts = name.split("/").slice(0, -1);
      if (parts.length) python.FS.mkdirTree(`/${parts.join("/")}`);
      python.FS.writeFile(`/${name}`, text);
    }
    forget();
    python.runPython("import judge");
    postMessage({ ready: true });
  }

  self.onmessage = async ({ data }) => {
    try {
      if (data.program) return await start(data);
      printed = 0;
      python.globals.set("job", JSON.stringify(data.job));
      python.runPython("answer = judge.run(job)");
      postMessage({ answer: JSON.parse(python.globals.get("answer")) });
    } catch (error) {
      postMessage({
        answer: { verdict: "error", error: String(error.message ?? error) },
      });
    }
  };
})();
