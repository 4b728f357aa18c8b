# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2016,SC2034
wants="node"
subject=/usr/bin/node
prepare() {
	cat >one.js <<-'END'
		const http = require('http');
		const server = http.createServer((q, r) => r.end('hello ' + q.url));
		server.listen(0, '127.0.0.1', () => {
		  http.get({ port: server.address().port, path: '/x' }, r => {
		    let s = '';
		    r.on('data', d => s += d);
		    r.on('end', () => { server.close(); process.exitCode = s === 'hello /x' ? 0 : 1; });
		  });
		});
	END
	cat >two.js <<-'END'
		const fs = require('fs'), zlib = require('zlib'), cp = require('child_process');
		const { Worker } = require('worker_threads'), dgram = require('dgram'), os = require('os');
		fs.writeFileSync('f', 'x'.repeat(100000));
		fs.appendFileSync('f', 'y');
		fs.copyFileSync('f', 'g');
		fs.renameSync('g', 'h');
		fs.symlinkSync('f', 'l'), fs.readlinkSync('l'), fs.unlinkSync('l');
		fs.mkdirSync('d/e', { recursive: true }), fs.rmSync('d', { recursive: true });
		fs.utimesSync('h', 1, 2), fs.chmodSync('h', 0o600), fs.truncateSync('h', 5);
		zlib.gunzipSync(zlib.gzipSync(fs.readFileSync('f')));
		if (cp.execFileSync('echo', ['a']).toString() !== 'a\n') process.exit(1);
		os.cpus(), os.networkInterfaces(), os.loadavg();
		const w = fs.watch('.', () => {});
		new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true }).on('message', () => {
		  const u = dgram.createSocket('udp4');
		  u.bind(0, '127.0.0.1', () => u.send('m', u.address().port, '127.0.0.1'));
		  u.on('message', () => { u.close(); w.close(); fs.promises.open('f').then(f => f.close()); });
		});
	END
}
one() { "$@" node one.js; }
two() { "$@" node two.js; }
