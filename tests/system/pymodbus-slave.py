"""Modbus slaves by pymodbus, somebody else's implementation: python3 pymodbus-slave.py KIND PORT REGISTERS

KIND: rtu (PORT is a serial port), rtu-tcp or tcp (PORT is a number on 127.0.0.1).
REGISTERS: JSON {unit: {function: {address: [words]}}}. A line of the same JSON on standard input changes registers.
"""

import json
import sys
import threading

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.framer.socket_framer import ModbusSocketFramer
from pymodbus.server import StartSerialServer, StartTcpServer

kind, port, registers = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def block(tables, function):
    words = {}
    for address, values in tables.get(function, {}).items():
        for index, value in enumerate(values):
            words[int(address) + index] = value
    return ModbusSparseDataBlock(words or {0: 0})


slaves = {
    int(unit): ModbusSlaveContext(hr=block(tables, "3"), ir=block(tables, "4"), zero_mode=True)
    for unit, tables in registers.items()
}
context = ModbusServerContext(slaves=slaves, single=False)


def change():
    for line in sys.stdin:
        for unit, tables in json.loads(line).items():
            for function, blocks in tables.items():
                for address, values in blocks.items():
                    slaves[int(unit)].setValues(int(function), int(address), values)
        print("changed", flush=True)


threading.Thread(target=change, daemon=True).start()
print("ready", flush=True)
if kind == "rtu":
    StartSerialServer(
        context=context, framer=ModbusRtuFramer, port=port, baudrate=9600, ignore_missing_slaves=True
    )
else:
    framer = ModbusRtuFramer if kind == "rtu-tcp" else ModbusSocketFramer
    StartTcpServer(
        context=context, framer=framer, address=("127.0.0.1", int(port)), ignore_missing_slaves=True
    )
