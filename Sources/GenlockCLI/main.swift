print("genlock")
