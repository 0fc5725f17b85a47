import LynxCedar
